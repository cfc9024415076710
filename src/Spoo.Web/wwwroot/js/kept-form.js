// What is typed into a form that says so is kept in this tab, so that it outlives a lost connection, a restart of the server, and signing in
// again. Passwords are not kept. The circuit reads it back, and forgets it when the form has done its work.
(() => {
  const start = 'spoo:kept:';

  function read(key) {
    try {
      return JSON.parse(sessionStorage.getItem(start + key) ?? 'null');
    } catch {
      return null;
    }
  }

  function write(key, fields) {
    try {
      sessionStorage.setItem(start + key, JSON.stringify({ ...read(key), ...fields }));
    } catch {
      // A browser without room, or without a memory, keeps nothing.
    }
  }

  window.spooKept = { read, write, forget: key => sessionStorage.removeItem(start + key) };

  // Heard here and not by the circuit, which may be the very thing that is lost.
  document.addEventListener('input', event => {
    const form = event.target instanceof Element && event.target.closest('form[data-kept]');
    if (form && event.target.id && !event.target.closest('[data-secret]') && event.target.type !== 'password') {
      write(form.dataset.kept, { [event.target.id]: event.target.value });
    }
  });
})();
