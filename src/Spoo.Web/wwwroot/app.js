// What the pages need from the browser, and only that: everything here works on server-rendered markup, without a circuit.
// What has to work without a circuit is <details>, links and forms; state that matters is in the address and therefore in links.
(() => {
  const root = document.documentElement;
  const year = 365 * 24 * 3600;
  root.classList.add('js');

  // Where the server's own cookies hold, too: below its path, and not on what else the host has.
  const path = new URL(document.baseURI).pathname.replace(/(.)\/$/, '$1');

  // The server draws clocks in the viewer's zone; this is how it learns which one that is.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = `timezone=${encodeURIComponent(zone)}; path=${path}; max-age=${year}; samesite=lax`;

  // Notices that a person has put away on this device stay away.
  const away = /(?:^|; )put-away=([^;]*)/.exec(document.cookie)?.[1];
  if (away) root.dataset.putAway = decodeURIComponent(away);

  function putAway(name) {
    root.dataset.putAway = [...new Set([...(root.dataset.putAway ?? '').split(' '), name])].join(' ').trim();
    document.cookie = `put-away=${encodeURIComponent(root.dataset.putAway)}; path=${path}; max-age=${year}; samesite=lax`;
    document.querySelector('h1')?.focus({ preventScroll: true });
  }

  function setTheme(theme) {
    document.cookie = `theme=${theme}; path=${path}; max-age=${year}; samesite=lax`;
    root.dataset.theme = theme;
    markTheme();
    document.dispatchEvent(new Event('spoo:theme'));
  }

  function markTheme() {
    for (const button of document.querySelectorAll('[data-set-theme]')) {
      button.setAttribute('aria-pressed', String(button.dataset.setTheme === (root.dataset.theme || 'system')));
    }
  }

  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => document.dispatchEvent(new Event('spoo:theme')));

  // Blazor takes every navigation to the top of the page. A filter or a period changes what the page says, not where its reader is.
  let place = null;

  function keepPlace() {
    place = scrollY;
    setTimeout(() => { place = null; }, 2000);
  }

  document.addEventListener('click', event => {
    const link = event.target instanceof Element && event.target.closest('a[href]');
    if (link && link.origin === location.origin && link.pathname === location.pathname && !link.hash) keepPlace();
  }, true);
  document.addEventListener('submit', keepPlace, true);
  document.addEventListener('scroll', () => {
    // Heard before the next picture is drawn, so that the page is not seen to jump.
    if (place && scrollY === 0) scrollTo(0, place);
  });

  // Copies, and says so for a moment.
  async function copyText(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      // Browsers keep the clipboard from pages that came without TLS; this older way still works there. An open dialog lets only what
      // is inside of it have the focus, so that is where the text goes.
      const area = Object.assign(document.createElement('textarea'), { value: button.dataset.copy });
      button.after(area);
      area.select();
      document.execCommand('copy');
      area.remove();
      button.focus();
    }
    const label = button.querySelector('[aria-live]') ?? button;
    if ('was' in button.dataset) return;
    button.dataset.was = label.textContent;
    label.textContent = button.dataset.copied;
    setTimeout(() => {
      label.textContent = button.dataset.was;
      delete button.dataset.was;
    }, 2000);
  }

  function openMenus() {
    return document.querySelectorAll('details.menu[open]');
  }

  document.addEventListener('click', event => {
    const target = event.target;
    if (!(target instanceof Element)) return;
    for (const menu of openMenus()) {
      if (!menu.contains(target) || target.closest('.menu-panel a')) menu.open = false;
    }
    if (target.closest('.tool-panel a[download]')) document.querySelector('.tool > [aria-expanded=true]')?.click();
    const theme = target.closest('[data-set-theme]');
    if (theme) setTheme(theme.dataset.setTheme);
    if (target.matches('[data-select]')) target.select();
    const away = target.closest('[data-put-away]');
    if (away) putAway(away.dataset.putAway);
    const reload = target.closest('[data-reload]');
    if (reload) location.reload();
    // A list that is put in another order, or whose page is turned, is read from its beginning.
    if (target.closest('[data-from-top]')) target.closest('[role=dialog]').querySelector('[role=region]').scrollTo(0, 0);
    const copy = target.closest('[data-copy]');
    if (copy) copyText(copy);
  });

  document.addEventListener('toggle', event => {
    if (event.target instanceof HTMLElement && event.target.matches('details.menu')) markTheme();
  }, true);

  // In a search box the first Escape clears what was typed, and a dialog around it hears only of the second.
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape' && event.target instanceof Element && event.target.matches('input[type=search]') && event.target.value) event.stopImmediatePropagation();
  }, true);

  document.addEventListener('keydown', event => {
    const target = event.target;
    if (event.key === 'Escape') {
      for (const menu of openMenus()) {
        menu.open = false;
        menu.querySelector('summary').focus();
        event.preventDefault();
      }
      const opener = document.querySelector('.tool > [aria-expanded=true]');
      if (opener && !event.defaultPrevented) {
        event.preventDefault();
        // At once, so that what is typed next is not for a field that is about to go.
        opener.focus();
        opener.click();
      }
      if (!event.defaultPrevented && !openDialog() && !(target instanceof Element && target.closest('input, textarea, select, [role=slider]'))) {
        document.querySelector('[data-key="Escape"]')?.click();
      }
      return;
    }
    if (target instanceof Element && target.matches('[role=tab]') && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      const tabs = [...target.closest('[role=tablist]').querySelectorAll('[role=tab]')];
      const step = event.key === 'ArrowRight' ? 1 : tabs.length - 1;
      tabs[(tabs.indexOf(target) + step) % tabs.length].focus();
      return;
    }
    // Keys do what names them, unless text is being typed or a dialog is open: follow a link, open a menu, go to a field.
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (waiting !== null && (event.key.length === 1 || event.key === 'Enter')) {
      waiting += event.key === 'Enter' ? '\n' : event.key;
      event.preventDefault();
      return;
    }
    if (event.key.length !== 1 && event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    if (target instanceof Element && target.closest('input, textarea, select, [contenteditable]')) return;
    const dialog = openDialog();
    if (event.key === '/') {
      const search = (dialog ?? document).querySelector('input[type=search]');
      if (search) event.preventDefault();
      search?.focus();
      return;
    }
    if (dialog && !dialog.closest('.tool-panel')) return;
    if (event.key.length > 1 && target instanceof Element && target.closest('[role=slider], [role=grid], [role=tab]')) return;
    const named = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const doer = doerOf(named);
    if (!doer) return;
    event.preventDefault();
    if (doer.matches('input')) {
      doer.focus();
    } else if (doer.matches('summary')) {
      doer.click();
      doer.parentElement.querySelector('[data-first]')?.focus();
    } else if (doer.matches('[aria-expanded]')) {
      waiting = '';
      clearTimeout(patience);
      patience = setTimeout(() => { waiting = null; }, 3000);
      doer.focus();
      doer.click();
    } else {
      // Keys that come faster than the page is drawn wait for it: the links that are there still begin where the reader was before.
      followed = followed.then(() => follow(doerOf(named)));
    }
  });

  let followed = Promise.resolve();

  /** What has been typed since a key asked for a panel that is not there yet: it is meant for the panel's field. Null: no panel is waited for. */
  let waiting = null;
  let patience = 0;

  function doerOf(key) {
    return document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  }

  async function follow(doer) {
    const [from, links] = [location.href, hrefs()];
    doer?.click();
    for (let wait = 0; wait < 40 && location.href !== from && hrefs() === links; wait++) await new Promise(done => setTimeout(done, 25));
  }

  function hrefs() {
    return [...document.querySelectorAll('a[data-key]')].map(link => link.href).join();
  }

  // The keyboard's focus is always somewhere. Where that place goes away, as a chip does that was removed and a menu that was chosen from,
  // it goes beside it, and not to the beginning of everything.
  let stood = null;

  function standSomewhere() {
    if (!stood || document.activeElement !== document.body) return;
    for (const place of [stood, stood.closest('details')?.querySelector('summary'), openDialog()?.querySelector('[data-close]'), document.querySelector('h1')]) {
      place?.focus({ preventScroll: true });
      if (document.activeElement !== document.body) return;
    }
  }

  // A form of a menu that led somewhere has done its work, and the menu with it; one that was not understood says so where it is.
  let sent = null;

  function closeWhenFollowed() {
    if (!sent || location.href === sent.from) return;
    sent.menu.open = false;
    sent = null;
  }

  document.addEventListener('submit', event => {
    const menu = event.target.closest('details.menu');
    sent = menu && { menu, from: location.href };
  }, true);
  // The library moves the focus into a dialog a round trip after it was drawn, to a place that cannot be seen. Where it stands by then is right.
  document.addEventListener('focusin', event => {
    const before = event.relatedTarget;
    if (event.target.matches('.pointer-events-none[tabindex="-1"]') && before?.matches(':not(.pointer-events-none)') && openDialog()?.contains(before)) before.focus();
  }, true);

  document.addEventListener('focusin', event => { stood = event.target; });
  // Who points at nothing wants to stand nowhere.
  document.addEventListener('pointerdown', () => { stood = null; }, true);
  // The browser takes the focus from what cannot have it any more when it draws, which is after it tells of the change.
  new MutationObserver(() => {
    closeWhenFollowed();
    standInDialog();
    if (stood) requestAnimationFrame(() => setTimeout(standSomewhere));
  }).observe(root, { subtree: true, childList: true, attributeFilter: ['open', 'href', 'disabled'] });

  // Who opens a dialog stands in it, and where they were before when it is closed.
  let shown = null;

  function openDialog() {
    return [...document.querySelectorAll('[role=dialog]')].filter(dialog => dialog.checkVisibility({ visibilityProperty: true })).at(-1);
  }

  function standInDialog() {
    const dialog = openDialog();
    if (dialog === shown?.dialog) return;
    if (dialog) {
      shown = { dialog, opener: shown?.opener ?? stood };
      // A panel that was pointed at begins with its first choice: a field would bring up the keyboard of a phone.
      const field = dialog.closest('.tool-panel') && waiting === null ? null : dialog.querySelector('[autofocus], [data-autofocus]');
      (field ?? dialog.querySelector('[data-close], a[href], button, input'))?.focus({ preventScroll: true });
      if (field && waiting) {
        field.value = waiting.split('\n')[0];
        field.dispatchEvent(new Event('input', { bubbles: true }));
        // The server takes a text a moment later than a form.
        if (waiting.includes('\n')) setTimeout(() => field.form?.requestSubmit(), 300);
      }
      waiting = null;
    } else {
      stood = shown.opener ?? document.querySelector('h1');
      shown = null;
      standSomewhere();
    }
  }

  // After a restart the server no longer knows this page's circuit; loading the page again is the whole cure.
  addEventListener('DOMContentLoaded', () => {
    markTheme();
    const lost = document.getElementById('components-reconnect-modal');
    if (lost) {
      new MutationObserver(() => {
        if (lost.classList.contains('components-reconnect-rejected')) location.reload();
      }).observe(lost, { attributes: true, attributeFilter: ['class'] });
    }
  });
})();
