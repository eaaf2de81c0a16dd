/* Type-ahead for text fields: <input data-suggest="agencies"> reads <script id="suggest-agencies">.
   Each word typed, without marks, must occur in an entry's keys. With data-suggest-many the word
   after the last ";" counts. What is typed stays a plain text, so nothing is lost without it. */
(() => {
  "use strict";

  const MOST = 8;
  const lists = new Map();
  let box = null;
  let field = null;
  let shown = [];
  let active = -1;

  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "")
    .replace(/[đĐ]/g, "d").toLowerCase().replace(/[^a-z0-9&]+/g, " ").trim();

  function entries(name) {
    if (!lists.has(name)) {
      const data = document.getElementById(`suggest-${name}`);
      const found = data ? JSON.parse(data.textContent) : [];
      for (const entry of found) entry.folded = fold(entry.label);
      lists.set(name, found);
    }
    return lists.get(name);
  }

  const isMany = () => field.hasAttribute("data-suggest-many");
  const typed = () => (isMany() ? field.value.split(";").pop() : field.value);

  function matches() {
    const words = fold(typed()).split(" ").filter(Boolean);
    if (!words.length) return field.dataset.suggest === "dimensions" ? entries("dimensions") : [];
    const found = entries(field.dataset.suggest)
      .filter((entry) => words.every((word) => entry.keys.includes(word)));
    // First who is called just so, then names in which words begin with what was typed.
    const whole = words.join(" ");
    const isCalledSo = (entry) => entry.code === whole || entry.folded === whole;
    const begins = (entry) => words.every((word) => ` ${entry.keys}`.includes(` ${word}`));
    const rank = (entry) => (isCalledSo(entry) ? 0 : begins(entry) ? 1 : 2);
    for (const entry of found) entry.rank = rank(entry);
    return found.sort((one, other) => one.rank - other.rank);
  }

  function make() {
    box = document.createElement("ul");
    box.className = "combo-list";
    box.id = "suggest-list";
    box.setAttribute("role", "listbox");
    box.hidden = true;
    // The press must not take the focus from the field.
    box.addEventListener("pointerdown", (event) => event.preventDefault());
    box.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose(Number(option.dataset.index));
    });
    document.body.append(box);
  }

  function place() {
    const at = field.getBoundingClientRect();
    const below = window.innerHeight - at.bottom;
    box.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - 328))}px`;
    box.style.width = `${Math.min(Math.max(at.width, 320), window.innerWidth - 16)}px`;
    box.style.top = below > 220 || below > at.top ? `${at.bottom + 2}px` : "auto";
    box.style.bottom = below > 220 || below > at.top ? "auto" : `${window.innerHeight - at.top + 2}px`;
  }

  function open() {
    if (!box) make();
    shown = matches().slice(0, MOST);
    const isExact = shown.length === 1 && shown[0].label === typed().trim();
    if (!shown.length || isExact) return close();
    box.replaceChildren(...shown.map((entry, index) => {
      const option = document.createElement("li");
      option.className = "combo-option";
      option.id = `suggest-${index}`;
      option.dataset.index = index;
      option.setAttribute("role", "option");
      option.textContent = entry.label;
      return option;
    }));
    box.hidden = false;
    place();
    expand(true);
    mark(typed().trim() ? 0 : -1);
  }

  function expand(isExpanded) {
    if (field.hasAttribute("role")) field.setAttribute("aria-expanded", String(isExpanded));
  }

  function mark(index) {
    active = index;
    for (const option of box.children) {
      const isActive = Number(option.dataset.index) === active;
      option.classList.toggle("is-active", isActive);
      option.setAttribute("aria-selected", String(isActive));
      if (isActive) option.scrollIntoView({ block: "nearest" });
    }
    if (active >= 0) field.setAttribute("aria-activedescendant", `suggest-${active}`);
    else field.removeAttribute("aria-activedescendant");
  }

  function close() {
    if (!box || box.hidden) return;
    box.hidden = true;
    active = -1;
    if (field) {
      expand(false);
      field.removeAttribute("aria-activedescendant");
    }
  }

  function choose(index) {
    const entry = shown[index];
    if (!entry) return;
    const value = entry.value || entry.label;
    if (isMany()) {
      const before = field.value.split(";").slice(0, -1).map((part) => part.trim());
      field.value = [...before, value].join("; ");
    } else {
      field.value = value;
    }
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    close();
  }

  const isOpen = () => Boolean(box) && !box.hidden;

  document.addEventListener("focusin", (event) => {
    if (!event.target.matches("[data-suggest]")) return close();
    field = event.target;
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", "suggest-list");
    // A text area may not take the role; it says as much as it may.
    if (field.tagName === "TEXTAREA") field.setAttribute("aria-haspopup", "listbox");
    else field.setAttribute("role", "combobox");
    expand(false);
    if (!box) make();
  });
  document.addEventListener("focusout", (event) => {
    if (event.target === field) close();
  });
  document.addEventListener("input", (event) => {
    if (event.target === field && event.isTrusted) open();
  });

  // In the capture phase: an open list has the keys before the grid has them.
  document.addEventListener("keydown", (event) => {
    if (event.target !== field || event.isComposing) return;
    if (!isOpen()) {
      // In a grid whose rows move, Alt with an arrow moves them.
      const isAsked = event.key === "F4" && !event.altKey && !event.ctrlKey;
      const mayMove = field.closest("[data-move-url]");
      if (isAsked || (event.key === "ArrowDown" && event.altKey && !mayMove)) {
        event.preventDefault();
        event.stopPropagation();
        open();
      }
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark((active + step + shown.length) % shown.length);
    } else if (event.key === "Enter" && active >= 0) {
      choose(active);
    } else if (event.key === "Tab" && active >= 0 && typed().trim()) {
      choose(active);
      return;
    } else if (event.key === "Escape") {
      close();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }, true);

  window.addEventListener("resize", close);
  document.addEventListener("scroll", (event) => {
    if (box && event.target !== box) close();
  }, true);
})();
