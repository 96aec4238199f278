import { useState } from "preact/hooks";
import { AutoIcon, MoonIcon, SunIcon } from "./icons.tsx";

const THEMES = ["auto", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

const NAMES: Readonly<Record<Theme, string>> = { auto: "as the system", light: "light", dark: "dark" };

const chosen = (): Theme =>
  THEMES.find((theme) => theme === document.documentElement.dataset.theme) ?? "auto";

/** Light, dark, or as the system has it; kept in this browser. */
function ThemeButton() {
  const [theme, setTheme] = useState(chosen);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "auto";
  const change = () => {
    document.documentElement.dataset.theme = next;
    localStorage.setItem("theme", next);
    setTheme(next);
  };
  const Sign = { auto: AutoIcon, light: SunIcon, dark: MoonIcon }[theme];
  return (
    <button type="button" class="quiet square" onClick={change} aria-label={`Colours: ${NAMES[theme]}`}>
      <Sign />
    </button>
  );
}

export function Header() {
  return (
    <header class="bar">
      <h1 class="brand">
        <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true">
          <circle cx="12" cy="12" r="9.5" fill="none" stroke="currentColor" stroke-width="1.6" />
          <path d="M12 2.5a9.5 9.5 0 0 1 0 19Z" fill="currentColor" />
        </svg>
        Flux-Sculptor
      </h1>
      <nav aria-label="Site">
        <a class="quiet" href="/docs">
          API reference
        </a>
        <ThemeButton />
      </nav>
    </header>
  );
}
