/**
 * A body that is a picture's file. `image/…` is accepted as well, but the contract lists one type: generated clients
 * lose an operation, or warn about it, for each type they do not know.
 */
export const imageBody = {
  required: true,
  content: {
    "application/octet-stream": { schema: { type: "string" as const, format: "binary" } },
  },
};
