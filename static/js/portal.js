/* Behaviour of every page, by delegation. Words come from data- attributes, none are here. */
(() => {
  "use strict";

  const text = (name) => document.body.dataset["text" + name] || "";
  const DRAFT_DAYS = 7;

  // -- storage that may be full or forbidden ------------------------------------------------

  const store = {
    get(key) {
      try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
    },
    set(key, value) {
      try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* no draft, no harm */ }
    },
    remove(key) {
      try { localStorage.removeItem(key); } catch { /* as above */ }
    },
    keys() {
      try { return Object.keys(localStorage); } catch { return []; }
    },
  };

  // -- toasts -------------------------------------------------------------------------------

  function toast(message, kind = "", seconds = 8) {
    const box = document.getElementById("toasts");
    const isShown = box && [...box.querySelectorAll("p")].some((p) => p.textContent === message);
    if (!box || !message || isShown) return;
    const item = document.createElement("div");
    item.className = `toast ${kind}`.trim();
    const words = document.createElement("p");
    words.textContent = message;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "iconbtn";
    close.setAttribute("aria-label", text("Close"));
    close.textContent = "×";
    close.addEventListener("click", () => item.remove());
    item.append(words, close);
    box.append(item);
    if (seconds) setTimeout(() => item.remove(), seconds * 1000);
  }

  // -- dialogs ------------------------------------------------------------------------------

  function openDialog(id) {
    const dialog = document.getElementById(id);
    if (dialog && dialog.showModal && !dialog.open) dialog.showModal();
  }

  function ask(question) {
    const dialog = document.getElementById("confirm");
    if (!dialog || !dialog.showModal) return Promise.resolve(window.confirm(question));
    document.getElementById("confirm-text").textContent = question;
    dialog.returnValue = "no";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    });
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) openDialog(opener.dataset.open);
    const closer = event.target.closest("[data-close]");
    if (closer && closer.closest("dialog")) closer.closest("dialog").close();
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target) || opener) menu.open = false;
    }
  });

  // -- keys ---------------------------------------------------------------------------------

  const keysAreOn = () => store.get("keys") !== false;
  const visible = (element) => element && element.getClientRects().length > 0;

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-keys-switch]")) store.set("keys", event.target.checked);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details[data-menu][open]")) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
      return;
    }
    const isTyping = event.target.closest("input, textarea, select, [contenteditable], [role=grid]");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!keysAreOn() || document.querySelector("dialog[open]")) return;

    if (event.key === "/") {
      const search = [...document.querySelectorAll("[data-key-search], #q")].find(visible);
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    } else if (event.key === "?") {
      event.preventDefault();
      openDialog("keys");
    } else if (/^[a-z]$/i.test(event.key)) {
      const wanted = event.key.toLowerCase();
      const target = [...document.querySelectorAll(`[data-key="${wanted}"]`)].find(visible);
      if (target) {
        event.preventDefault();
        target.click();
      }
    }
  });

  // -- forms: drafts ------------------------------------------------------------------------

  const draftKey = (form) => `draft:${document.body.dataset.user}:${form.dataset.draft}`;
  const isKept = (field) =>
    field.name && !field.disabled &&
    !["hidden", "file", "password", "submit", "button"].includes(field.type);

  function values(form) {
    const kept = [];
    for (const field of form.elements) {
      if (!isKept(field)) continue;
      if (field.type === "checkbox" || field.type === "radio") {
        kept.push([field.name, field.value, field.checked]);
      } else if (field.multiple) {
        kept.push([field.name, [...field.selectedOptions].map((option) => option.value)]);
      } else {
        kept.push([field.name, field.value]);
      }
    }
    return kept;
  }

  // What a text was typed against comes back with it: else it would pass for an answer to what
  // somebody else has saved since, and overwrite that unasked.
  const isBase = (field) =>
    field.type === "hidden" && (field.name === "version" || field.name.startsWith("initial-"));
  const base = (form) =>
    [...form.elements].filter(isBase).map((field) => [field.name, field.value]);

  const draftOf = (form) => ({ at: Date.now(), values: values(form), base: base(form) });

  function restore(form, { values: kept, base: before = [] }) {
    for (const [name, value] of before) {
      const field = form.elements[name];
      if (field) field.value = value;
    }
    const seen = {};
    for (const [name, value, checked] of kept) {
      const same = [...form.elements].filter((field) => field.name === name && isKept(field));
      if (checked !== undefined) {
        for (const field of same) if (field.value === value) field.checked = checked;
      } else {
        // Rows of a formset may repeat a name: the nth value belongs to the nth field.
        const field = same[(seen[name] = (seen[name] ?? -1) + 1)];
        if (!field) continue;
        if (Array.isArray(value)) {
          for (const option of field.options) option.selected = value.includes(option.value);
        } else {
          field.value = value;
        }
      }
    }
    for (const field of form.elements) {
      if (isKept(field)) field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  function offerDraft(form) {
    const draft = store.get(draftKey(form));
    if (!draft || form.querySelector("[data-draft-notice]")) return;
    if (Date.now() - draft.at > DRAFT_DAYS * 864e5 || same(draft.values, values(form))) {
      store.remove(draftKey(form));
      return;
    }
    const at = new Date(draft.at);
    const two = (number) => String(number).padStart(2, "0");
    const notice = document.createElement("div");
    notice.className = "message";
    notice.dataset.draftNotice = "";
    notice.setAttribute("role", "status");
    const words = document.createElement("p");
    words.textContent = `${text("Draft")} ${two(at.getHours())}:${two(at.getMinutes())} ` +
      `${two(at.getDate())}/${two(at.getMonth() + 1)}/${at.getFullYear()}`;
    notice.append(words);
    for (const [label, act] of [
      [text("Restore"), () => { restore(form, draft); form.dataset.isDirty = "1"; }],
      [text("Discard"), () => store.remove(draftKey(form))],
    ]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "linkbtn";
      button.textContent = label;
      button.addEventListener("click", () => {
        act();
        notice.remove();
        [...form.elements].find((field) => isKept(field) && visible(field))?.focus();
      });
      notice.append(button);
    }
    form.prepend(notice);
  }

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const timers = new WeakMap();

  function onEdit(event) {
    const form = event.target.form;
    if (!form || !event.isTrusted && !event.target.matches("[data-combobox], [data-sync]")) return;
    form.dataset.isDirty = "1";
    if (!form.dataset.draft) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => {
      store.set(draftKey(form), draftOf(form));
    }, 400));
  }
  document.addEventListener("input", onEdit);
  document.addEventListener("change", onEdit);

  // A draft that was sent is thrown away only once the server says that it was kept.
  function dropDraft(form) {
    clearTimeout(timers.get(form));
    delete form.dataset.isDirty;
    if (form.dataset.draft) store.remove(draftKey(form));
  }

  function dropSentDrafts() {
    for (const key of store.keys()) {
      if (key.startsWith("draft:") && (store.get(key) || {}).isSent) store.remove(key);
    }
  }

  // -- forms: texts with little room ----------------------------------------------------------

  function countLetters(field) {
    const letters = [...field.value.trim().normalize("NFC")].length;
    const lines = field.value.split("\n").filter((line) => line.trim()).length;
    const { mostLetters, mostLines, fits, over } = field.dataset;
    const isOver = letters > Number(mostLetters) || lines > Number(mostLines);
    let told = field.parentElement.querySelector("[data-counted]");
    if (!told) {
      told = document.createElement("p");
      told.dataset.counted = "";
      field.after(told);
    }
    told.textContent = (isOver ? over : fits)
      .replace("{letters}", letters).replace("{lines}", lines);
    // Read out when the room ends, not with every letter.
    if (isOver && told.className !== "error") say(told.textContent);
    told.className = isOver ? "error" : "help";
  }

  for (const type of ["input", "change"]) {
    document.addEventListener(type, (event) => {
      if (event.target.matches("[data-most-letters]")) countLetters(event.target);
    });
  }

  // -- forms: the token -----------------------------------------------------------------------

  // Signing in, perhaps in another tab, changes the token; the cookie has the one that counts.
  const token = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1];

  document.addEventListener("submit", (event) => {
    const field = event.target.elements.csrfmiddlewaretoken;
    if (field && token()) field.value = token();
  }, true);

  document.addEventListener("htmx:configRequest", (event) => {
    if (token() && "X-CSRFToken" in event.detail.headers) {
      event.detail.headers["X-CSRFToken"] = token();
    }
  });

  // -- forms: leaving, sending twice, confirming ---------------------------------------------

  window.addEventListener("beforeunload", (event) => {
    const isLosing = [...document.querySelectorAll("form[data-confirm-leave]")]
      .some((form) => form.dataset.isDirty && !form.dataset.isSending);
    if (isLosing) event.preventDefault();
  });

  const confirmed = new WeakSet();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = (event.submitter && event.submitter.dataset.confirm) || form.dataset.confirm;
    if (question && !confirmed.has(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const submitter = event.submitter;
      ask(question).then((isYes) => {
        if (!isYes) return;
        confirmed.add(form);
        form.requestSubmit(submitter);
      });
      return;
    }
    confirmed.delete(form);
    if (form.method !== "post") return;
    if (form.dataset.isSending) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    hold(form);
  }, true);

  function hold(form) {
    form.dataset.isSending = "1";
    form.setAttribute("aria-busy", "true");
    if (form.dataset.draft && form.dataset.isDirty) {
      store.set(draftKey(form), { ...draftOf(form), isSent: true });
    }
    // After this tick, so that the pressed button still travels with the form.
    setTimeout(() => {
      for (const button of submitters(form)) button.setAttribute("aria-disabled", "true");
    });
    // A download leaves the page where it is.
    setTimeout(() => release(form), 15000);
  }

  function release(form) {
    delete form.dataset.isSending;
    form.removeAttribute("aria-busy");
    for (const button of submitters(form)) button.removeAttribute("aria-disabled");
  }

  const submitters = (form) =>
    [...form.elements].filter((field) => field.type === "submit");

  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-is-sending]").forEach(release);
  });

  // A tick that means a value elsewhere: what is done is done to 100 percent.
  document.addEventListener("change", (event) => {
    const { fills, fillValue } = event.target.dataset;
    const other = fills && event.target.checked && document.getElementById(fills);
    if (!other) return;
    other.value = fillValue;
    other.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // Buttons that tick or clear every box of a field: data-check="id of the fieldset".
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-check]");
    if (!button) return;
    const boxes = document.getElementById(button.dataset.check).querySelectorAll("[type=checkbox]");
    for (const box of boxes) box.checked = "checkTo" in button.dataset;
  });

  // The browser names chosen files in its own language; here they are named in the page's.
  function dressFile(field) {
    if (field.closest(".filepick")) return;
    const box = document.createElement("span");
    box.className = "filepick";
    const button = document.createElement("span");
    button.className = "btn";
    button.textContent = text("File");
    const name = document.createElement("span");
    name.className = "name";
    for (const part of [button, name]) part.setAttribute("aria-hidden", "true");
    field.replaceWith(box);
    box.append(field, button, name);
    nameFile(field);
  }
  function nameFile(field) {
    const names = [...field.files].map((file) => file.name);
    field.closest(".filepick").querySelector(".name").textContent = names.join(", ") || text("NoFile");
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches(".filepick > input")) nameFile(event.target);
  });

  // Two fields that show one value: a slider and its number.
  document.addEventListener("input", (event) => {
    const other = document.getElementById(event.target.dataset.sync || "");
    if (other && other.value !== event.target.value) other.value = event.target.value;
  });

  // -- htmx ---------------------------------------------------------------------------------

  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.question).then((isYes) => isYes && event.detail.issueRequest(true));
  });

  const isWholePage = (body) => /^\s*<!doctype/i.test(body);

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    const login = document.body.dataset.loginUrl;
    if (login && xhr.responseURL && new URL(xhr.responseURL).pathname === login) {
      // The session ended: sign in, and come back to this page and its draft.
      event.detail.shouldSwap = false;
      const here = location.pathname + location.search;
      for (const form of document.querySelectorAll("form[data-is-dirty]")) delete form.dataset.isDirty;
      location.assign(`${login}?next=${encodeURIComponent(here)}`);
      return;
    }
    if (xhr.status >= 400 && xhr.status < 500) {
      event.detail.isError = false;
      event.detail.shouldSwap = !isWholePage(xhr.responseText) && xhr.responseText.trim() !== "";
      if (!event.detail.shouldSwap) {
        const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
        const title = page.querySelector("h1");
        toast(title ? title.textContent.trim() : text("Refused"), "late");
      }
    } else if (xhr.status >= 500) {
      toast(text("Error"), "late");
    }
  });

  // Under an open question nothing changes: what it was asked about would be gone.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const isPoll = event.detail.elt.matches("[hx-trigger^=every]");
    if (isPoll && document.querySelector("dialog[open]")) event.preventDefault();
  });

  document.addEventListener("htmx:sendError", () => toast(text("Offline"), "late"));
  document.addEventListener("htmx:timeout", () => toast(text("Offline"), "late"));

  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, xhr, requestConfig } = event.detail;
    // A preview asked for by one field is not the form being sent.
    const form = elt.matches("form, [type=submit]") ? elt.closest("form") : null;
    if (!form || requestConfig.verb === "get") return;
    release(form);
    if (xhr.status >= 200 && xhr.status < 300) dropDraft(form);
  });

  document.addEventListener("htmx:validation:failed", (event) => {
    if (event.target.form) release(event.target.form);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    focusFault(event.detail.elt, event.detail.xhr.status >= 400);
    say(event.detail.elt.dataset.say);
  });
  document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
  // The server shows a short word by: HX-Trigger: {"portal:toast": {"text": …, "kind": "done"}}
  document.addEventListener("portal:toast", (event) => toast(event.detail.text, event.detail.kind));

  // -- scripts that did not arrive -----------------------------------------------------------

  // What stands in a table for browsers without scripts also serves when one of its scripts is lost.
  window.addEventListener("load", () => {
    for (const plain of document.querySelectorAll("[data-grid]:not(.is-live) noscript")) {
      plain.outerHTML = plain.textContent;
    }
  });

  // -- every new piece of page ----------------------------------------------------------------

  function focusFault(root, isRefused) {
    const fault = root.querySelector(".error-summary") || root.querySelector("[aria-invalid=true]");
    const wanted = (isRefused && fault) || root.querySelector("[autofocus]");
    if (wanted) return wanted.focus();
    // A form that was asked for takes the cursor; a closed one leaves it with its card.
    const field = root.querySelector(":scope > form :is(input:not([type=hidden]), textarea, select)");
    if (field) field.focus();
    else if (document.activeElement === document.body) {
      const place = root.matches("[tabindex]") ? root : root.matches(".item") && root.querySelector("a");
      if (place) place.focus({ preventScroll: true });
    }
  }

  // A new piece may bring a sentence to be read out, once however often it comes.
  function say(words) {
    const said = document.getElementById("said");
    if (said && words && said.textContent !== words) said.textContent = words;
  }

  function prepare(root) {
    for (const form of root.querySelectorAll("form[data-draft]")) offerDraft(form);
    root.querySelectorAll("[data-most-letters]").forEach(countLetters);
    if (root.matches && root.matches("form[data-draft]")) offerDraft(root);
    for (const box of root.querySelectorAll("[data-keys-switch]")) box.checked = keysAreOn();
    for (const field of root.querySelectorAll("input[type=file]")) dressFile(field);
    for (const bar of root.querySelectorAll("[data-check-bar]")) bar.hidden = false;
  }

  function start() {
    if (document.querySelector(".message.success")) dropSentDrafts();
    prepare(document.body);
    const summary = document.querySelector(".error-summary");
    if (summary) summary.focus();
  }

  window.portal = { ask, toast, openDialog, token };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
