// Makes passkeys and signs in with them (WebAuthn). Around a form with a field for the answer: <spoo-passkey data-options="where they are asked for"
// data-make|data-autofill>. Without a script, or in a browser that knows no passkeys, it stays hidden.
(() => {
  const isKnown = 'PublicKeyCredential' in window && 'parseCreationOptionsFromJSON' in PublicKeyCredential;

  class Passkey extends HTMLElement {
    connectedCallback() {
      if (!isKnown) {
        return;
      }

      this.hidden = false;
      this.form = this.querySelector('form');
      this.form.addEventListener('submit', this.submit);
      if ('autofill' in this.dataset) {
        this.offer();
      }
    }

    disconnectedCallback() {
      this.waiting?.abort();
      this.form?.removeEventListener('submit', this.submit);
    }

    submit = async event => {
      if (this.answered) {
        return;
      }

      event.preventDefault();
      this.say('');
      try {
        await this.ask({});
      } catch (error) {
        // Closing the browser's own dialog is no failure.
        this.say(error.name === 'NotAllowedError' || error.name === 'AbortError' ? '' : error.name === 'InvalidStateError' ? this.dataset.known : this.dataset.failed);
      }
    };

    // Offers passkeys where the e-mail is entered, in browsers that can.
    async offer() {
      try {
        if (await PublicKeyCredential.isConditionalMediationAvailable?.()) {
          await this.ask({ mediation: 'conditional' });
        }
      } catch {
        // The button is there still.
      }
    }

    async ask(how) {
      this.waiting?.abort();
      this.waiting = new AbortController();
      const signal = this.waiting.signal;
      const answer = await fetch(this.dataset.options, { method: 'POST', credentials: 'same-origin', signal });
      if (!answer.ok) {
        throw new Error(answer.statusText);
      }

      const options = await answer.json();
      const credential = 'make' in this.dataset
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options), signal })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options), signal, ...how });
      this.form.querySelector('[data-answer]').value = JSON.stringify(credential);
      this.answered = true;
      this.form.requestSubmit();
    }

    say(what) {
      const place = this.querySelector('[role=alert]');
      place.textContent = what;
      place.hidden = !what;
    }
  }

  customElements.define('spoo-passkey', Passkey);
})();
