import { describe, expect, it } from "vitest";
import { fileFault, openFault, sendingOf, sizeFault } from "./photo.ts";

const file = (type: string, size = 1_000) => ({ name: "a photo", type, size });

describe("a chosen file", () => {
  it("is refused in words where it is no photo", () => {
    expect(fileFault(file("image/jpeg"))).toBeNull();
    expect(fileFault(file("application/pdf"))).toMatch(/not a picture/);
    expect(fileFault(file("image/svg+xml"))).toMatch(/SVG/);
    expect(fileFault(file("image/png", 0))).toMatch(/empty/);
    expect(fileFault(file("image/png", 90_000_000))).toMatch(/90 MB/);
    expect(sizeFault(64, 64)).toBeNull();
    expect(sizeFault(63, 2000)).toMatch(/63 × 2000/);
  });

  it("goes as it is within the limits, and is drawn anew only beyond them", () => {
    expect(sendingOf(file("image/webp", 15_000_000), 5000, 5000)).toEqual({ as: "is", type: "image/webp" });
    expect(sendingOf(file("image/heic"), 1000, 1000)).toEqual({ as: "jpeg", scale: 1 });
    const wide = sendingOf(file("image/jpeg"), 10_000, 10_000);
    expect(wide).toEqual({ as: "jpeg", scale: 0.5 });
    expect(sendingOf(file("image/png", 60_000_000), 4000, 4000)).toEqual({ as: "jpeg", scale: 0.5 });
  });
});

it("a HEIC photo is tried, and where it cannot be opened the words say what to do", () => {
  expect(fileFault({ name: "IMG_1.HEIC", type: "", size: 9 })).toBeNull();
  expect(openFault("IMG_1.HEIC")).toMatch(/Safari.*JPEG.*Most Compatible/);
  expect(openFault("a.png")).toMatch(/damaged/);
});
