import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * Takes the focus where it was lost: what a key was pressed on is gone once `change` has happened, and who works without
 * a pointer would begin at the top of the page again.
 * @returns for the element that takes it
 */
export function useKeptFocus<E extends HTMLElement>(change: unknown) {
  const element = useRef<E>(null);
  const before = useRef(change);
  useLayoutEffect(() => {
    if (before.current === change) return;
    before.current = change;
    const { activeElement, body } = document;
    if (activeElement === null || activeElement === body) element.current?.focus({ preventScroll: true });
  }, [change]);
  return element;
}
