import { expect, test } from "vitest";
import { API_VERSION } from "../../../shared/client/src/request.ts";
import { API_VERSIONS } from "../../../shared/versions.ts";
import { call, refusal } from "../../test/client.ts";

test("every answer names the version that made it: the requested one, otherwise the oldest", async () => {
  for (const version of API_VERSIONS) {
    const answer = await call("/v1/presets", { headers: { "Flux-Version": version } });
    expect(answer.headers.get("Flux-Version")).toBe(version);
    await answer.body?.cancel();
  }
  const unnamed = await call("/v1/presets");
  expect(unnamed.headers.get("Flux-Version")).toBe(API_VERSIONS[0]);
  await unnamed.body?.cancel();
  const refused = await call("/v1/account");
  expect(refused.headers.get("Flux-Version")).toBe(API_VERSIONS[0]);
  await refused.body?.cancel();
});

test("an unknown version is refused with a list of the supported ones", async () => {
  for (const version of ["2020-01-01", "latest", "1"]) {
    const asked = call("/v1/presets", { headers: { "Flux-Version": version } });
    const { detail } = await refusal(asked, 400, "invalid_request");
    expect(detail).toContain(API_VERSIONS.join(", "));
  }
});

test("the project's own clients name a version that is supported", () => {
  expect(API_VERSIONS).toContain(API_VERSION);
});
