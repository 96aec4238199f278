/**
 * A body that is a picture's file. `image/…` is taken as well; one type keeps generated clients whole, which lose an
 * operation, or warn of it, for each type they do not know.
 */
export const imageBody = {
  required: true,
  content: {
    "application/octet-stream": { schema: { type: "string" as const, format: "binary" } },
  },
};
