/* A document under review: click or focus on either side shows the other, keys lead to what is
   doubtful, rows are accepted or left out, and the head is saved as it is typed. */
(() => {
  "use strict";

  const page = document.querySelector("[data-review]");
  if (!page) return;
  const source = page.querySelector("[data-source]");
  const table = page.querySelector("[data-grid]");
  const state = document.getElementById("grid-state");
  page.classList.add("is-live");

  // -- marks of the document and their fields ------------------------------------------------

  const marks = [...source.querySelectorAll("a[data-cells]")];
  const marksOf = new Map();
  for (const mark of marks) {
    for (const key of mark.dataset.cells.split(" ")) {
      if (!marksOf.has(key)) marksOf.set(key, []);
      marksOf.get(key).push(mark);
    }
  }

  let current = [];

  function show(key) {
    for (const mark of current) mark.classList.remove("is-current");
    current = marksOf.get(key) || [];
    for (const mark of current) mark.classList.add("is-current");
    if (!current.length) return;
    // Only the document moves: the page and the field being typed in stay where they are.
    const at = current[0].getBoundingClientRect();
    const frame = source.getBoundingClientRect();
    if (at.top >= frame.top + 8 && at.bottom <= frame.bottom - 8) return;
    source.scrollTop += at.top - frame.top - frame.height / 3;
  }

  const rowOf = (element) => element.closest("tr[data-row]");

  page.addEventListener("focusin", (event) => {
    if (source.contains(event.target)) return;
    const field = event.target.closest("[id]");
    if (!field) return;
    if (marksOf.has(field.id)) return show(field.id);
    const group = field.closest("fieldset[id]");
    if (group) return show(group.id);
    // A tick of a row shows where the row was read.
    const row = rowOf(field);
    const name = row && row.querySelector("[data-cell=name] textarea");
    if (name) show(name.id);
  });

  // Where several fields were read from one place, each press goes to the next of them.
  function goToField(mark) {
    const keys = mark.dataset.cells.split(" ");
    const at = keys.indexOf(shown);
    shown = keys[(at + 1) % keys.length];
    const field = document.getElementById(shown);
    if (!field) return;
    const fold = field.closest("details");
    if (fold) fold.open = true;
    field.focus({ preventScroll: true });
    field.scrollIntoView({ block: "center" });
    show(shown);
  }
  let shown = "";

  source.addEventListener("click", (event) => {
    const mark = event.target.closest("a[data-cells]");
    if (!mark) return;
    event.preventDefault();
    setTab(mark);
    goToField(mark);
  });

  // One mark is a stop of the Tab key; arrows lead to the others.
  function setTab(mark) {
    for (const other of source.querySelectorAll("a[data-cells][tabindex='0']")) other.tabIndex = -1;
    mark.tabIndex = 0;
  }
  for (const mark of marks) mark.tabIndex = -1;
  if (marks.length) marks[0].tabIndex = 0;

  source.addEventListener("keydown", (event) => {
    const at = marks.indexOf(event.target);
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const next = step && marks[at + step];
    if (at < 0 || !next) return;
    event.preventDefault();
    setTab(next);
    next.focus();
  });

  // -- verdicts ------------------------------------------------------------------------------

  const tick = (row, name) => row.querySelector(`[name=${name}]`);
  const isDecided = (row) => tick(row, "accepts").checked || tick(row, "leaves_out").checked;
  const rows = () => [...table.tBodies[0].querySelectorAll("tr[data-row]")];
  const saveRow = (row) => window.portalGrid.save(row);

  function paint(row) {
    row.classList.toggle("is-accepted", tick(row, "accepts").checked && !row.classList.contains("is-new"));
    row.classList.toggle("is-left-out", tick(row, "leaves_out").checked);
  }

  const OTHER = { accepts: "leaves_out", leaves_out: "accepts" };

  table.addEventListener("change", (event) => {
    const row = rowOf(event.target);
    const other = OTHER[event.target.name];
    if (!row || !other) return;
    if (event.target.checked) tick(row, other).checked = false;
    paint(row);
    saveRow(row);
  });

  function accept(row) {
    const box = tick(row, "accepts");
    if (!box.checked) {
      box.checked = true;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
    const all = rows();
    const next = all.slice(all.indexOf(row) + 1).find((each) => !each.classList.contains("is-new") && !isDecided(each));
    goTo((next || row).querySelector("[data-cell=name] textarea"));
  }

  // -- keys ----------------------------------------------------------------------------------

  function goTo(field) {
    if (!field) return;
    field.focus({ preventScroll: true });
    field.scrollIntoView({ block: "center" });
  }

  function doubtful() {
    return rows().filter((row) => !isDecided(row)).flatMap((row) =>
      [...row.querySelectorAll("[data-cell]")]
        .filter((cell) => cell.querySelector(".notes .ask, .notes .error"))
        .map((cell) => cell.querySelector("input, textarea")));
  }

  function goToDoubt(step) {
    const fields = doubtful();
    const here = document.activeElement;
    const isBehind = (field) => here.compareDocumentPosition(field) &
      (step > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING);
    const ordered = step > 0 ? fields : fields.reverse();
    const isInside = table.contains(here);
    const next = (isInside && ordered.find((field) => field !== here && isBehind(field))) || ordered[0];
    if (next) goTo(next);
    else window.portal.toast(page.dataset.textNone);
  }

  // From a field to its words in the document, and from there to the field.
  function crossOver() {
    const here = document.activeElement;
    if (source.contains(here) && marks.includes(here)) return goToField(here);
    if (!current.length) return;
    setTab(current[0]);
    current[0].focus({ preventScroll: true });
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "F8") {
      event.preventDefault();
      goToDoubt(event.shiftKey ? -1 : 1);
    } else if (event.key === "F7") {
      event.preventDefault();
      crossOver();
    } else if (event.key === "Enter" && event.altKey && table.contains(event.target)) {
      const row = rowOf(event.target);
      if (!row) return;
      event.preventDefault();
      event.stopPropagation();
      accept(row);
    }
  }, true);

  // -- nothing is lost: a row is saved while it is typed, not only when it is left ------------

  const TYPED = 1200;
  const typing = new Map();
  table.addEventListener("input", (event) => {
    const row = rowOf(event.target);
    if (!row || event.target.type === "checkbox") return;
    clearTimeout(typing.get(row));
    typing.set(row, setTimeout(() => saveRow(row), TYPED));
  });

  // -- the head ------------------------------------------------------------------------------

  const head = page.querySelector("[data-review-head]");
  const said = head.querySelector("[data-head-state]");
  let waiting = 0;
  let isDirty = false;
  let running = null;

  head.addEventListener("input", () => {
    isDirty = true;
    clearTimeout(waiting);
    waiting = setTimeout(saveHead, TYPED);
  });
  head.addEventListener("change", saveHead);

  async function saveHead() {
    clearTimeout(waiting);
    if (!isDirty || head.querySelector("[data-conflict]")) return;
    if (running) return;
    isDirty = false;
    tellHead(state.dataset.textSaving);
    running = sendHead().catch(() => {
      isDirty = true;
      tellHead(state.dataset.textUnsaved, true);
    });
    await running;
    running = null;
    if (isDirty && !waiting) saveHead();
  }

  async function sendHead() {
    const body = new FormData(head);
    body.set("csrfmiddlewaretoken", window.portal.token() || body.get("csrfmiddlewaretoken"));
    const answer = await fetch(head.dataset.saveUrl, {
      method: "POST", body, headers: { Accept: "application/json" }, keepalive: true,
    });
    const told = await answer.json();
    if (told.version) head.version.value = told.version;
    if (answer.ok) {
      tellHead(told.rereads ? page.dataset.textReread : state.dataset.textSaved);
    } else if (told.theirs) {
      offerTheirs(told);
    } else {
      isDirty = true;
      tellHead(told.message || Object.values(told.refused || {}).join(" ") || state.dataset.textUnsaved, true);
    }
  }

  function tellHead(text, isLate = false) {
    said.textContent = text || "";
    said.className = isLate ? "sm is-late-text" : "sm k-done";
  }

  // A colleague saved the head first: both texts, and a choice for each field.
  function offerTheirs(told) {
    tellHead(told.message, true);
    for (const [name, value] of Object.entries(told.theirs)) {
      const field = head.querySelector(`[name="${name}"]`);
      if (!field) continue;
      const box = document.createElement("div");
      box.className = "error";
      box.dataset.conflict = "";
      box.textContent = `${state.dataset.textStored} ${value || state.dataset.textEmpty} `;
      const settle = () => {
        box.remove();
        if (head.querySelector("[data-conflict]")) return;
        isDirty = true;
        saveHead();
      };
      box.append(choice(state.dataset.textMine, settle));
      if (field.type !== "checkbox") {
        box.append(" ", choice(state.dataset.textTheirs, () => {
          field.value = value;
          settle();
        }));
      }
      field.closest(".read-field").append(box);
    }
    isDirty = true;
    if (!head.querySelector("[data-conflict]")) saveHead();
  }

  function choice(text, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "linkbtn";
    button.textContent = text;
    button.addEventListener("click", act);
    return button;
  }

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden") return;
    saveHead();
    for (const row of rows()) saveRow(row);
  });

  // -- start ---------------------------------------------------------------------------------

  for (const row of rows()) paint(row);
})();
