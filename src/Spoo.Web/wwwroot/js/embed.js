// For other sites: makes the frames of ours on their page as tall as what stands in them. Loaded by the code that the dashboard offers;
// without it a frame keeps the height that is written there.
addEventListener('message', event => {
  if (event.data?.type !== 'spoo:height' || !(event.data.height > 0)) return;
  for (const frame of document.querySelectorAll('iframe[data-spoo]')) {
    if (frame.contentWindow === event.source && new URL(frame.src).origin === event.origin) frame.style.height = `${Math.ceil(event.data.height)}px`;
  }
});
