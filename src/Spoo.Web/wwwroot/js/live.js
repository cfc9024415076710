// Tells an open page whether anybody looks at it.
export function watch(page) {
  const tell = () => page.invokeMethodAsync('OnVisibility', !document.hidden).catch(() => document.removeEventListener('visibilitychange', tell));
  document.addEventListener('visibilitychange', tell);
  if (document.hidden) tell();
}
