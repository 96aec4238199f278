/** Seconds since the last call. */
export function clock(): () => number {
  let since = performance.now();
  return () => {
    const now = performance.now();
    const took = (now - since) / 1000;
    since = now;
    return took;
  };
}
