// Swagger UI leaves some of what it draws without a name or a place in the page's outline; readers of screens need both.
const names = {
  '#servers': 'Server',
  'textarea.body-param__text': 'Request body',
};

function name(element, label) {
  if (!element.getAttribute('aria-label')) element.setAttribute('aria-label', label);
}

function complete() {
  document.getElementById('swagger-ui')?.setAttribute('role', 'main');
  for (const [selector, label] of Object.entries(names)) document.querySelectorAll(selector).forEach(element => name(element, label));
  // One main part, and no link within the button that opens an operation: the button says the same.
  for (const part of document.querySelectorAll('#swagger-ui main')) {
    part.setAttribute('role', 'region');
    name(part, 'Operations');
  }
  for (const link of document.querySelectorAll('button.opblock-summary-control a[href]')) link.removeAttribute('href');
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
