// <range-calendar>: two months side by side for the two date fields of its form. The first click chooses the first day, the second the
// last; arrow keys walk through the days. It only fills in the fields, so that typing, clicking and other scripts are the same.
const language = document.documentElement.lang || 'en';
// Days are UTC midnights in here: a calendar has no zones and no missing hours.
const day = 24 * 3600 * 1000;
const iso = date => date.toISOString().slice(0, 10);
const utc = (year, month, date) => new Date(Date.UTC(year, month, date));
const format = options => new Intl.DateTimeFormat(language, { timeZone: 'UTC', ...options });
const monthName = format({ month: 'long', year: 'numeric' });
const weekdayName = format({ weekday: 'short' });
const fullName = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });

class RangeCalendar extends HTMLElement {
  connectedCallback() {
    // As the rest of the page has it, 0 being Sunday.
    this.firstDay = Number(this.dataset.firstDay ?? 1);
    [this.first, this.last] = this.closest('form').querySelectorAll('input[type=date]');
    const now = new Date();
    this.today = utc(now.getFullYear(), now.getMonth(), now.getDate());
    this.listen = () => { if (!this.isChoosing) this.draw(); };
    this.first.addEventListener('change', this.listen);
    this.last.addEventListener('change', this.listen);
    this.closest('details')?.addEventListener('toggle', () => { this.shown = undefined; this.isChoosing = false; this.draw(); });
    this.addEventListener('click', event => this.onClick(event));
    this.addEventListener('keydown', event => this.onKey(event));
    this.draw();
  }

  get chosen() {
    const [first, last] = [this.first.value, this.last.value].map(text => text ? new Date(`${text}T00:00:00Z`) : undefined);
    return first && last && first > last ? [last, first] : [first, last];
  }

  draw() {
    const [, last] = this.chosen;
    const anchor = last ?? this.today;
    this.focused ??= anchor;
    // The right month is the one in which the range ends.
    this.shown ??= utc(anchor.getUTCFullYear(), anchor.getUTCMonth() - 1, 1);
    this.replaceChildren(this.month(0), this.month(1));
  }

  month(offset) {
    const start = utc(this.shown.getUTCFullYear(), this.shown.getUTCMonth() + offset, 1);
    const box = document.createElement('div');
    const head = box.appendChild(document.createElement('div'));
    head.className = 'month-head';
    const title = document.createElement('span');
    title.textContent = monthName.format(start);
    title.id = `month-${iso(start)}`;
    const turn = (steps, label, sign) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.dataset.turn = String(steps);
      button.ariaLabel = label;
      button.textContent = sign;
      return button;
    };
    if (offset === 0) head.append(turn(-1, this.dataset.earlier, '‹'), title, document.createElement('i'));
    else head.append(document.createElement('i'), title, turn(1, this.dataset.later, '›'));

    const table = box.appendChild(document.createElement('table'));
    table.className = 'month';
    table.setAttribute('role', 'grid');
    table.setAttribute('aria-labelledby', title.id);
    const names = table.createTHead().insertRow();
    const monday = utc(2024, 0, 1);
    for (let i = 0; i < 7; i++) {
      const name = document.createElement('th');
      name.scope = 'col';
      name.textContent = weekdayName.format(new Date(+monday + ((this.firstDay + 6 + i) % 7) * day));
      names.append(name);
    }
    const [first, last] = this.chosen;
    const body = table.createTBody();
    let row;
    for (let date = start; date.getUTCMonth() === start.getUTCMonth(); date = new Date(+date + day)) {
      const column = (date.getUTCDay() - this.firstDay + 7) % 7;
      if (!row || column === 0) {
        row = body.insertRow();
        if (column > 0) row.insertCell().colSpan = column;
      }
      const cell = row.insertCell();
      const isEdge = +date === +first || +date === +last;
      if (isEdge) cell.className = 'edge';
      else if (first && last && date > first && date < last) cell.className = 'within';
      if (+date === +this.today) cell.classList.add('today');
      cell.setAttribute('aria-selected', String(isEdge || cell.classList.contains('within')));
      const button = cell.appendChild(document.createElement('button'));
      button.type = 'button';
      button.textContent = String(date.getUTCDate());
      button.ariaLabel = fullName.format(date);
      button.dataset.day = iso(date);
      button.disabled = date > this.today;
      button.tabIndex = +date === +this.focused ? 0 : -1;
    }
    return box;
  }

  onClick(event) {
    const button = event.target.closest('button');
    if (!button) return;
    if (button.dataset.turn) {
      this.shown = utc(this.shown.getUTCFullYear(), this.shown.getUTCMonth() + Number(button.dataset.turn), 1);
      this.focused = this.shown;
      this.draw();
      this.querySelector(`[data-turn="${button.dataset.turn}"]`)?.focus();
      return;
    }
    const chosen = button.dataset.day;
    if (!this.isChoosing) {
      this.fill(this.first, chosen);
      this.fill(this.last, chosen);
      this.isChoosing = true;
    } else {
      const [start, end] = chosen < this.first.value ? [chosen, this.first.value] : [this.first.value, chosen];
      this.fill(this.first, start);
      this.fill(this.last, end);
      this.isChoosing = false;
    }
    this.focusOn(new Date(`${chosen}T00:00:00Z`));
  }

  onKey(event) {
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7, PageUp: -30, PageDown: 30 };
    if (!(event.key in steps) || !event.target.dataset.day) return;
    event.preventDefault();
    event.stopPropagation();
    this.focusOn(new Date(+new Date(`${event.target.dataset.day}T00:00:00Z`) + steps[event.key] * day));
  }

  focusOn(date) {
    this.focused = date > this.today ? this.today : date;
    const months = (this.focused.getUTCFullYear() - this.shown.getUTCFullYear()) * 12 + this.focused.getUTCMonth() - this.shown.getUTCMonth();
    if (months < 0) this.shown = utc(this.focused.getUTCFullYear(), this.focused.getUTCMonth(), 1);
    if (months > 1) this.shown = utc(this.focused.getUTCFullYear(), this.focused.getUTCMonth() - 1, 1);
    this.draw();
    this.querySelector(`[data-day="${iso(this.focused)}"]`)?.focus();
  }

  fill(field, value) {
    field.value = value;
    const choosing = this.isChoosing;
    this.isChoosing = true;
    field.dispatchEvent(new Event('change', { bubbles: true }));
    this.isChoosing = choosing;
  }
}

customElements.define('range-calendar', RangeCalendar);
