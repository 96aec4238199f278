/** How unsupported files that people send start, and what they are. */
const KINDS: readonly { readonly begins: string; readonly is: string }[] = [
  { begins: "GIF8", is: "a GIF" },
  { begins: "BM", is: "a BMP" },
  { begins: "II*\0", is: "a TIFF or a camera's raw file" },
  { begins: "MM\0*", is: "a TIFF or a camera's raw file" },
  { begins: "%PDF", is: "a PDF" },
  { begins: "\xff\x0a", is: "a JPEG XL" },
  { begins: "\0\0\0\x0cJXL ", is: "a JPEG XL" },
  { begins: "<", is: "text (SVG, HTML or XML)" },
  { begins: "{", is: "text (JSON)" },
  { begins: "data:", is: "a data URL as text; send its decoded bytes" },
  { begins: "--", is: "a form; send the file's bytes alone" },
];

/** Brands of HEIF files that hold HEVC, which only licensed decoders open (ISO 23008-12, annex B). */
const HEIC = new Set(["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"]);

const HEIC_SENTENCE =
  "the image is a HEIC photo, as iPhones take them; send it as JPEG (in an app ask the picker for JPEG, " +
  "on the phone choose Settings, Camera, Formats, Most Compatible)";

/** Describes a file that is not JPEG, PNG, WebP or AVIF, as the sentence of its refusal. */
export function foreignSentence(bytes: Uint8Array): string {
  const head = String.fromCharCode(...bytes.subarray(0, 16)).trimStart();
  if (head.slice(4, 8) === "ftyp" && HEIC.has(head.slice(8, 12))) return HEIC_SENTENCE;
  const kind = KINDS.find(({ begins }) => head.startsWith(begins));
  const found = kind === undefined ? "" : `; this is ${kind.is}`;
  return `the image must be a JPEG, PNG, WebP or AVIF file${found}`;
}
