// Swagger UI leaves some of what it draws without a name or a place in the page's outline; readers of screens need both.
const names = {
  '#servers': 'Server',
  'textarea.body-param__text': 'Request body',
};

const parts = {
  '#swagger-ui .information-container': 'About',
  '#swagger-ui .scheme-container': 'Server and authorization',
  '#swagger-ui section.models': 'Schemas',
};

function name(element, label) {
  if (!element.getAttribute('aria-label')) element.setAttribute('aria-label', label);
}

function complete() {
  for (const [selector, label] of Object.entries(names)) document.querySelectorAll(selector).forEach(element => name(element, label));
  // The operations are the page's main part once they are drawn; until then, all of it is. What stands around them is named.
  const main = document.querySelector('#swagger-ui main');
  const all = document.getElementById('swagger-ui');
  if (main) all?.removeAttribute('role');
  else all?.setAttribute('role', 'main');
  if (main) {
    for (const [selector, label] of Object.entries(parts)) {
      for (const part of document.querySelectorAll(selector)) {
        if (main.contains(part) || part.contains(main)) continue;
        if (part.getAttribute('role') !== 'region') part.setAttribute('role', 'region');
        name(part, label);
      }
    }
  }
  // No link within the button that opens an operation: the button says the same.
  for (const link of document.querySelectorAll('button.opblock-summary-control a[href]')) link.removeAttribute('href');
  // What is wider than its box is scrolled by keyboard, too.
  for (const example of document.querySelectorAll('#swagger-ui pre')) {
    if (example.tabIndex !== 0) example.tabIndex = 0;
  }
  for (const heading of document.querySelectorAll('h3.opblock-tag')) heading.setAttribute('aria-level', '2');
  for (const heading of document.querySelectorAll('#swagger-ui h4')) heading.setAttribute('aria-level', '2');
  for (const heading of document.querySelectorAll('.opblock h4')) heading.setAttribute('aria-level', '3');
  for (const heading of document.querySelectorAll('.opblock h5')) heading.setAttribute('aria-level', '4');
  for (const table of document.querySelectorAll('table.responses-table[role=region]')) {
    const path = table.closest('.opblock')?.querySelector('.opblock-summary')?.textContent ?? '';
    name(table, `Responses of ${path}`.replace(/[\s\u200b]+/g, ' ').trim());
  }
}

new MutationObserver(complete).observe(document.body, { subtree: true, childList: true, attributeFilter: ['href'] });
complete();
