import type { ComponentChildren } from "preact";

/** A drawing beside words that say the same: nothing for a screen reader. */
function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

const path = (d: string) => () => (
  <Icon>
    <path d={d} stroke-linecap="round" stroke-linejoin="round" />
  </Icon>
);

export const UploadIcon = path("M12 16V4m0 0L7.5 8.5M12 4l4.5 4.5M4 15v3a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-3");
export const DownloadIcon = path(
  "M12 4v12m0 0 4.5-4.5M12 16l-4.5-4.5M4 17v1a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-1",
);
export const LinkIcon = path(
  "M10 14a4 4 0 0 0 6 .4l3-3a4.2 4.2 0 0 0-6-6l-1.2 1.2M14 10a4 4 0 0 0-6-.4l-3 3a4.2 4.2 0 0 0 6 6l1.2-1.2",
);
export const UndoIcon = path("M4 9h10a6 6 0 0 1 0 12h-3M4 9l5-5M4 9l5 5");
export const RedoIcon = path("M20 9H10a6 6 0 0 0 0 12h3M20 9l-5-5M20 9l-5 5");
export const CloseIcon = path("M6 6l12 12M18 6 6 18");
export const BrushIcon = path(
  "M14 6 18 10M4 20c3.5.5 6-.5 6-3.5L20 6.500a2.100 2.100 0 0 0-3-3L7 13.500c-2.500 0-3.500 2-3 6.500Z",
);
export const PhotoIcon = path("M4 6h16v12H4zM4 16l5-5 4 4 3-3 4 4M15 9.500h.01");
export const SunIcon = path(
  "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.400 1.400M17.600 17.600 19 19M19 5l-1.400 1.400M6.400 17.600 5 19",
);
export const MoonIcon = path("M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500Z");
export const AutoIcon = path("M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 3v18M12 8h8M12 13h9M12 18h6");
export const SparkIcon = path(
  "M12 3l1.800 5.200L19 10l-5.200 1.800L12 17l-1.800-5.200L5 10l5.200-1.800zM18 16l.8 2.200L21 19l-2.200.8L18 22l-.8-2.200L15 19l2.200-.8z",
);
