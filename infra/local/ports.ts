import { createServer } from "node:net";

const LOOPBACK = "127.0.0.1";

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === null) throw new Error("no free port on this machine");
  return port;
}

/** Whether a port of an address is free. @throws Error if the address is not one of this machine's */
export async function isFree(port: number, host = LOOPBACK): Promise<boolean> {
  return (await listenOnce(port, host)) !== null;
}

/** Listens briefly. @returns the port, or null if it is taken or may not be opened */
function listenOnce(port: number, host = LOOPBACK): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(null);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const opened = typeof address === "object" && address !== null ? address.port : null;
      server.close(() => resolve(opened));
    });
  });
}
