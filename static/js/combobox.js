/* Type-ahead over <select data-combobox>, single or multiple. Without this script the select
   itself serves. Typed words are compared without marks with each option's text and data-keys. */
(() => {
  "use strict";

  const LIMIT = 60;
  let serial = 0;
  let placeOpenList = null;

  const words = (name) => document.body.dataset["text" + name] || "";

  function fold(value) {
    return value.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d")
      .replace(/[^a-z0-9]+/g, " ").trim();
  }

  /* Read the options: those that begin with what was typed come first. */
  function choices(select) {
    return [...select.options].filter((option) => option.value !== "").map((option) => ({
      option,
      label: option.text.trim(),
      hint: option.dataset.hint || "",
      hay: ` ${fold(option.text)} ${fold(option.dataset.keys || "")}`,
    }));
  }

  function matching(all, typed) {
    const parts = fold(typed).split(" ").filter(Boolean);
    if (!parts.length) return all;
    const begins = [];
    const contains = [];
    for (const choice of all) {
      if (!parts.every((part) => choice.hay.includes(part))) continue;
      (parts.every((part) => choice.hay.includes(` ${part}`)) ? begins : contains).push(choice);
    }
    return begins.concat(contains);
  }

  function make(tag, className, attributes = {}) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  function enhance(select) {
    if (select.portalCombobox) return select.portalCombobox;
    const id = `${select.id || "select"}-combo${select.id ? "" : ++serial}`;
    const isMultiple = select.multiple;
    const isRequired = select.required;
    const box = make("div", "combo");
    const tags = make("span", "combo-tags");
    const holder = make("div", "combo-box");
    const input = make("input", "", {
      type: "text", id, role: "combobox", autocomplete: "off", spellcheck: "false",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`,
    });
    const list = make("ul", "combo-list", { id: `${id}-list`, role: "listbox" });
    list.hidden = true;
    // Pressing in the list must not take the focus from the field.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    if (isMultiple) list.setAttribute("aria-multiselectable", "true");
    let shown = [];
    let active = -1;
    let hasTyped = false;

    dress();
    render();

    // -- what the select said about itself is said by the field ------------------------------

    function dress() {
      for (const name of ["aria-describedby", "aria-invalid", "aria-label", "aria-labelledby"]) {
        if (!select.hasAttribute(name)) continue;
        input.setAttribute(name, select.getAttribute(name));
        select.removeAttribute(name);
      }
      input.placeholder = select.dataset.placeholder || "";
      input.disabled = select.disabled;
      const labels = [...(select.labels || [])];
      for (const label of labels) label.htmlFor = input.id;
      list.setAttribute("aria-label", words("Options"));
      select.required = false;
      select.hidden = true;
      holder.append(input);
      if (isMultiple) box.append(tags);
      box.append(holder);
      select.after(box);
    }

    function chosen() {
      return [...select.selectedOptions].filter((option) => option.value !== "");
    }

    /* Show the value of the select: tags, or the label in the field. */
    function render() {
      const current = chosen();
      input.required = isRequired && !current.length;
      if (!isMultiple) {
        input.value = current.length ? current[0].text.trim() : "";
        return;
      }
      tags.replaceChildren(...current.map((option) => {
        const tag = make("span", "combo-tag");
        const remove = make("button", "", {
          type: "button", "aria-label": `${words("Remove")} ${option.text.trim()}`,
        });
        remove.textContent = "×";
        remove.addEventListener("click", () => {
          option.selected = false;
          changed();
          input.focus();
        });
        tag.append(option.text.trim(), remove);
        return tag;
      }));
    }

    function changed() {
      render();
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }

    function choose(choice) {
      if (isMultiple) {
        choice.option.selected = !choice.option.selected;
        input.value = "";
      } else {
        select.value = choice.option.value;
      }
      hasTyped = false;
      changed();
      close();
    }

    // -- the list -----------------------------------------------------------------------------

    function open() {
      const typed = hasTyped ? input.value : "";
      const all = choices(select);
      const found = matching(all, typed);
      shown = found.slice(0, LIMIT);
      const rows = shown.map((choice, index) => {
        const row = make("li", "combo-option", {
          id: `${id}-${index}`, role: "option", "aria-selected": String(choice.option.selected),
        });
        const label = make("span");
        label.textContent = choice.label;
        row.append(label);
        if (choice.hint) {
          const hint = make("small");
          hint.textContent = choice.hint;
          row.append(hint);
        }
        row.addEventListener("click", () => choose(choice));
        return row;
      });
      if (!shown.length || found.length > LIMIT) {
        const note = make("li", "combo-note", { role: "option", "aria-disabled": "true", "aria-selected": "false" });
        note.textContent = shown.length ? words("More") : words("NoMatch");
        rows.push(note);
      }
      list.replaceChildren(...rows);
      // In a modal dialog only its own content can be reached; else the body is free of clipping.
      (select.closest("dialog") || document.body).append(list);
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      placeOpenList = place;
      place();
      const at = shown.findIndex((choice) => choice.option.selected);
      activate(typed ? 0 : isMultiple ? -1 : at);
    }

    function close() {
      list.hidden = true;
      list.remove();
      shown = [];
      activate(-1);
      if (placeOpenList === place) placeOpenList = null;
      input.setAttribute("aria-expanded", "false");
    }

    function place() {
      if (list.hidden) return;
      if (!input.isConnected) { close(); return; }
      const field = input.getBoundingClientRect();
      const width = Math.min(Math.max(field.width, 260), innerWidth - 16);
      list.style.width = `${width}px`;
      list.style.left = `${Math.max(8, Math.min(field.left, innerWidth - width - 8))}px`;
      const isAbove = innerHeight - field.bottom < list.offsetHeight + 12 && field.top > innerHeight / 2;
      list.style.top = isAbove ? `${Math.max(8, field.top - list.offsetHeight - 4)}px` : `${field.bottom + 4}px`;
    }

    function activate(index) {
      active = shown.length ? Math.max(-1, Math.min(index, shown.length - 1)) : -1;
      for (const row of list.children) row.classList.remove("is-active");
      input.removeAttribute("aria-activedescendant");
      if (active < 0) return;
      const row = list.children[active];
      row.classList.add("is-active");
      row.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", row.id);
    }

    // -- the field ----------------------------------------------------------------------------

    input.addEventListener("input", () => {
      hasTyped = true;
      // Emptied by hand means no choice.
      if (!isMultiple && input.value === "" && chosen().length) {
        select.value = "";
        if (select.selectedIndex >= 0 && select.value !== "") select.selectedIndex = -1;
        select.dispatchEvent(new Event("change", { bubbles: true }));
      }
      open();
    });

    input.addEventListener("click", () => { if (list.hidden) open(); });

    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const isOpen = !list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        // A grid moves between rows by plain arrows while the list is closed.
        if (!isOpen && input.closest("[role=grid]") && !event.altKey) return;
        event.preventDefault();
        event.stopPropagation();
        if (!isOpen) open();
        else if (event.key === "ArrowDown") activate(active + 1 < shown.length ? active + 1 : 0);
        else activate(active > 0 ? active - 1 : shown.length - 1);
      } else if (event.key === "Enter" && isOpen) {
        event.preventDefault();
        event.stopPropagation();
        if (active >= 0) choose(shown[active]);
      } else if (event.key === "Tab" && isOpen) {
        if (hasTyped && input.value && active >= 0) choose(shown[active]);
        else close();
      } else if (event.key === "Escape" && isOpen) {
        event.preventDefault();
        event.stopPropagation();
        hasTyped = false;
        if (isMultiple) input.value = "";
        else render();
        close();
      } else if (event.key === "Backspace" && isMultiple && input.value === "") {
        const last = chosen().pop();
        if (last) {
          last.selected = false;
          changed();
        }
      }
    });

    input.addEventListener("blur", () => {
      close();
      hasTyped = false;
      // Words that chose nothing do not stay as if they were a choice.
      if (isMultiple) input.value = "";
      else render();
    });

    // Restored drafts, resets and other scripts write to the select.
    select.addEventListener("change", render);
    if (select.form) select.form.addEventListener("reset", () => setTimeout(render));

    return (select.portalCombobox = { input, select, open, close, render });
  }

  function enhanceAll(root) {
    if (root.matches && root.matches("select[data-combobox]")) enhance(root);
    if (root.querySelectorAll) root.querySelectorAll("select[data-combobox]").forEach(enhance);
  }

  // A link of the error summary names the select; the field that took its place gets the focus.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const target = link && document.getElementById(link.hash.slice(1));
    if (target && target.portalCombobox) {
      event.preventDefault();
      target.portalCombobox.input.focus();
    }
  });

  const follow = () => placeOpenList && placeOpenList();
  window.addEventListener("resize", follow);
  document.addEventListener("scroll", follow, true);

  window.portalCombobox = { enhance, enhanceAll, fold };
  document.addEventListener("htmx:load", (event) => enhanceAll(event.detail.elt));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => enhanceAll(document));
  else enhanceAll(document);
})();
