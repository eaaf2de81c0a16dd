/* The entry grid as rows and cells: finds, reads, fills, adds and numbers them. The other files of
   this folder build on `window.portalGrid`; what a page's markup does not offer stays off. */
(() => {
  "use strict";

  const grid = document.querySelector("[data-grid]");
  if (!grid) return;
  const body = grid.tBodies[0];
  const words = document.getElementById("grid-state").dataset;
  const blank = body.querySelector("tr.is-new");
  const pattern = blank && blank.cloneNode(true);
  // With scripts there are no forms of rows.
  if (pattern) for (const field of pattern.querySelectorAll("[data-cell] [form]")) field.removeAttribute("form");

  const rowOf = (element) => element.closest("tr[data-row]");
  const cellOf = (element) => element.closest("[data-cell]");
  const rows = () => [...body.children];
  const shownRows = () => rows().filter((row) => !row.hidden);
  const cellsOf = (row) => [...row.querySelectorAll(":scope > [data-cell]")];
  const fieldOf = (cell) => cell && cell.querySelector("input, textarea");
  const fieldsOf = (row) => cellsOf(row).map(fieldOf);
  const fieldAt = (row, name) => row && fieldOf(row.querySelector(`:scope > [data-cell="${name}"]`));
  const firstField = (row) => fieldOf(row.querySelector("[data-cell]"));
  const columns = () => cellsOf(body.rows[0]).map((cell) => cell.dataset.cell);
  const isTick = (field) => field.type === "checkbox";

  // The row above or below that is shown.
  function beside(row, step) {
    let next = row;
    do next = step > 0 ? next.nextElementSibling : next.previousElementSibling;
    while (next && next.hidden);
    return next;
  }

  // -- values: a tick is "1" or "" -----------------------------------------------------------

  const valueOf = (field) => (isTick(field) ? (field.checked ? "1" : "") : field.value);

  function setValue(field, value) {
    if (isTick(field)) field.checked = Boolean(value);
    else field.value = value;
  }

  function cellsIn(row) {
    const cells = {};
    for (const field of fieldsOf(row)) cells[field.name] = valueOf(field);
    return cells;
  }

  const isBlank = (row) => fieldsOf(row).every((field) => isTick(field) || !field.value.trim());

  // -- what is stored of each row ------------------------------------------------------------

  // At first that is what the page came with.
  const stored = new WeakMap();
  const asCame = (field) => (isTick(field) ? (field.defaultChecked ? "1" : "") : field.defaultValue);
  const came = (row) =>
    JSON.stringify(Object.fromEntries(fieldsOf(row).map((field) => [field.name, asCame(field)])));
  const storedOf = (row) => (stored.has(row) ? stored.get(row) : came(row));
  const content = (row) => JSON.stringify(cellsIn(row));
  const remember = (row, text) => stored.set(row, text);
  const isDirty = (row) => storedOf(row) !== content(row);
  const needsSaving = (row) => isDirty(row) && !(isBlank(row) && !row.dataset.pk);

  // Only rows that somebody changed are looked at when the page wants to know what is unsaved.
  const touched = new Set();
  const touch = (row) => touched.add(row);

  function unsavedRows() {
    for (const row of touched) if (!row.isConnected || !needsSaving(row)) touched.delete(row);
    return rows().filter((row) => touched.has(row));
  }

  // The cells that differ from what is stored; all that say something in a row that is new.
  function unsavedCells(row) {
    const before = row.dataset.pk ? JSON.parse(storedOf(row) || "{}") : {};
    return Object.fromEntries(Object.entries(cellsIn(row))
      .filter(([name, value]) => value !== (before[name] || "")));
  }

  // -- rows ----------------------------------------------------------------------------------

  let made = 0;

  function newRow() {
    const row = pattern.cloneNode(true);
    made += 1;
    rename(row, `moi${made}`);
    row.dataset.rowKey = newKey();
    return row;
  }

  // Behind `above`, at the top for null, at the end when nothing is said.
  function addRow(above) {
    const row = newRow();
    if (above === undefined) body.append(row);
    else body.insertBefore(row, above ? above.nextElementSibling : body.firstElementChild);
    return row;
  }

  function addRows(count) {
    const added = Array.from({ length: count }, newRow);
    body.append(...added);
    return added;
  }

  const NAMED = ["id", "aria-describedby", "aria-labelledby"];
  const NAMED_ONES = NAMED.map((name) => `[${name}]`).join(",");

  // The ids of a row's cells carry its key, so that links find them.
  function rename(row, key) {
    const old = new RegExp(`(^|[-\\s])${row.dataset.row}(?=[-\\s]|$)`, "g");
    for (const element of [row, ...row.querySelectorAll(NAMED_ONES)]) {
      for (const name of NAMED) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replace(old, `$1${key}`));
      }
    }
    row.dataset.row = key;
  }

  // crypto.randomUUID exists only on https; the portal also runs on http://127.0.0.1 and in halls
  // without certificates.
  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  // A row that was deleted, by a colleague or here: what it says is sent again as a new one.
  function makeNew(row) {
    if (!pattern) return;
    // Its text alone would lose what the deleted row was tied to.
    if (row.dataset.pk) row.dataset.restores = row.dataset.pk;
    delete row.dataset.pk;
    made += 1;
    rename(row, `moi${made}`);
    row.classList.add("is-new");
    remember(row, "");
    touch(row);
    number(row, "+");
    row.querySelector("[data-row-delete]").hidden = true;
    Object.assign(row.dataset, { saveUrl: pattern.dataset.saveUrl, version: "", rowKey: newKey() });
  }

  function number(row, text) {
    const place = row.querySelector("[data-row-number]");
    if (place.textContent !== text) place.textContent = text;
  }

  const numberOf = (row) => row.querySelector("[data-row-number]").textContent;

  // The numbers of all stored rows, as the server tells them after rows came, went or moved.
  function renumber(numbers) {
    for (const row of rows()) {
      const told = numbers[row.dataset.pk];
      if (told) number(row, String(told));
    }
  }

  // The nearest stored row above, as a new or moved row names its place: "0" is the top.
  function storedAbove(row) {
    let above = row.previousElementSibling;
    while (above && !above.dataset.pk) above = above.previousElementSibling;
    return above ? above.dataset.pk : "0";
  }

  // The places of all new rows. One at the end says nothing, so that it also follows what
  // colleagues have added.
  function newPlaces() {
    const places = new Map();
    let waiting = [];
    let above = "0";
    for (const row of rows()) {
      if (row.dataset.pk) {
        for (const [each, place] of waiting) places.set(each, place);
        waiting = [];
        above = row.dataset.pk;
      } else {
        waiting.push([row, above]);
      }
    }
    for (const [each] of waiting) places.set(each, "");
    return places;
  }

  // -- text areas grow with what they hold: by CSS where it can, else all are measured together -

  const growsAlone = CSS.supports("field-sizing", "content");

  function grow(fields) {
    if (growsAlone) return;
    const areas = fields.filter((field) => field.tagName === "TEXTAREA");
    for (const area of areas) area.style.height = "auto";
    const heights = areas.map((area) => area.scrollHeight);
    areas.forEach((area, index) => { area.style.height = `${heights[index]}px`; });
  }
  grid.addEventListener("input", (event) => {
    if (!cellOf(event.target)) return;
    grow([event.target]);
    touch(rowOf(event.target));
  });

  // -- what is shown and what is read aloud ---------------------------------------------------

  const state = document.getElementById("grid-state");
  const said = document.getElementById("grid-said");

  function tell(text, className = "") {
    state.textContent = text || "";
    state.className = `sm ${className}`.trim();
  }

  function say(text) {
    if (said) said.textContent = text;
  }

  window.portalGrid = {
    grid, body, words, state, pattern,
    rowOf, cellOf, rows, shownRows, cellsOf, fieldOf, fieldsOf, fieldAt, firstField, columns,
    isTick, beside, valueOf, setValue, cellsIn, isBlank, remember, isDirty, needsSaving,
    unsavedCells, unsavedRows, touch, content, addRow, addRows, rename, makeNew, number, numberOf, renumber, storedAbove, newPlaces,
    grow, tell, say,
  };
})();
