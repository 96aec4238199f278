import { expect, test } from "vitest";
import { allowedMethods } from "./allowed-methods.ts";

const routes = [
  { method: "ALL", path: "/*" },
  { method: "GET", path: "/" },
  { method: "POST", path: "/v1/edits" },
  { method: "GET", path: "/v1/edits/:id" },
  { method: "GET", path: "/openapi.json" },
  { method: "GET", path: "/v1/files/:key{.+}" },
  { method: "PUT", path: "/v1/files/:key{.+}" },
];

test.each([
  ["/", ["GET", "HEAD", "OPTIONS"]],
  ["/v1/edits", ["OPTIONS", "POST"]],
  ["/v1/edits/edit_1", ["GET", "HEAD", "OPTIONS"]],
  ["/v1/files/acct_1/images/img_1", ["GET", "HEAD", "OPTIONS", "PUT"]],
  ["/openapi.json", ["GET", "HEAD", "OPTIONS"]],
])("%s takes %j", (path, methods) => {
  expect(allowedMethods(routes, path)).toEqual(methods);
});

test.each(["/v1", "/v1/edits/", "/v1/edits/a/b", "/openapiXjson", "/v1/files/"])(
  "%s is no address",
  (path) => {
    expect(allowedMethods(routes, path)).toEqual([]);
  },
);
