import { createServer, type Server } from "node:http";
import { z } from "zod";
import type { Recorder } from "./record.ts";

const eventSchema = z.object({ data: z.object({ id: z.string() }) });

/** Receives the customers' webhooks, and notes whose they are. */
export class Receiver {
  readonly #server: Server;
  readonly #port: number;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.#port = port;
  }

  static async open(recorder: Recorder, port: number): Promise<Receiver> {
    const server = createServer(async (request, answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { data } = eventSchema.parse(JSON.parse(Buffer.concat(chunks).toString()));
      const edit = recorder.edits.get(data.id);
      if (edit !== undefined) edit.webhooks += 1;
      answer.writeHead(204).end();
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return new Receiver(server, port);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
