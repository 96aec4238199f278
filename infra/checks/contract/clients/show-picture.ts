/** Fetches a picture and says how large it is. @throws Error if there is none */
export async function showPicture(url: string | undefined): Promise<void> {
  if (url === undefined) throw new Error("the edit has no picture");
  const answer = await fetch(url);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const isPng = String.fromCharCode(...bytes.subarray(1, 4)) === "PNG";
  if (!answer.ok || !isPng) throw new Error(`${url} answered ${answer.status}, and no PNG`);
  process.stdout.write(`a picture of ${bytes.length} bytes\n`);
}
