/* Picks whole rows of the entry grid, and sets one cell of all of them or deletes them. Also shows
   only the rows that lack something or say what is looked for. */
(() => {
  "use strict";

  const g = window.portalGrid;
  if (!g) return;
  const { grid, words } = g;
  const bar = document.querySelector("[data-grid-bar]");
  const all = grid.querySelector("[data-pick-all]");
  const boxOf = (row) => row.querySelector("[data-row-pick]");
  let latest = null;

  const canBePicked = (row) => Boolean(boxOf(row)) && (row.dataset.pk || !g.isBlank(row));
  const pickedRows = () => g.rows().filter((row) => row.classList.contains("is-selected"));

  function pick(row, isPicked) {
    const box = boxOf(row);
    if (!box) return;
    box.checked = isPicked && canBePicked(row);
    row.classList.toggle("is-selected", box.checked);
  }

  function pickTo(row, isPicked) {
    const rows = g.shownRows();
    const [start, end] = [rows.indexOf(latest), rows.indexOf(row)].sort((one, other) => one - other);
    for (const each of rows.slice(Math.max(start, 0), end + 1)) pick(each, isPicked);
  }

  function unpick() {
    for (const row of pickedRows()) pick(row, false);
    show();
  }

  // -- the bar ------------------------------------------------------------------------------------

  function show() {
    const count = pickedRows().length;
    const able = g.shownRows().filter(canBePicked).length;
    if (all) {
      all.checked = count > 0 && count >= able;
      all.indeterminate = count > 0 && count < able;
    }
    if (!bar) return;
    bar.hidden = !count;
    const told = bar.querySelector("[data-bar-count]");
    told.textContent = `${count} ${told.dataset.text}`;
  }

  grid.addEventListener("click", (event) => {
    const box = event.target.closest("[data-row-pick]");
    if (box) {
      const row = g.rowOf(box);
      if (event.shiftKey && latest && latest.isConnected) pickTo(row, box.checked);
      else pick(row, box.checked);
      latest = row;
      show();
    } else if (event.target === all) {
      const isPicked = all.checked;
      for (const row of isPicked ? g.shownRows() : g.rows()) pick(row, isPicked);
      show();
    }
  });

  // In a cell whose whole text is marked a space would replace it: with Shift it picks the row.
  grid.addEventListener("keydown", (event) => {
    if (event.key !== " " || !event.shiftKey || event.ctrlKey || event.altKey || event.isComposing) return;
    const row = g.rowOf(event.target);
    if (!row || !bar || !g.cellOf(event.target)) return;
    if (!g.isBlock() && !g.isWhole(event.target)) return;
    event.preventDefault();
    const rows = g.isBlock() ? g.block().map(([cell]) => g.rowOf(cell)) : [row];
    const isPicked = !row.classList.contains("is-selected");
    for (const each of rows) pick(each, isPicked);
    latest = row;
    show();
  });

  function prepareBar() {
    const column = bar.querySelector("[data-bar-column]");
    const value = bar.querySelector("[data-bar-value]");

    function dress() {
      const { list, many, value: fixed } = column.selectedOptions[0].dataset;
      value.hidden = fixed !== undefined;
      value.toggleAttribute("data-suggest", Boolean(list));
      if (list) value.dataset.suggest = list;
      value.toggleAttribute("data-suggest-many", many !== undefined);
    }
    column.addEventListener("change", dress);
    dress();

    bar.addEventListener("submit", (event) => {
      event.preventDefault();
      const fixed = column.selectedOptions[0].dataset.value;
      const wanted = fixed === undefined ? value.value.trim() : fixed;
      const fields = pickedRows().map((row) => g.fieldAt(row, column.value));
      g.edit(words.textSet, fields.map((field) => [field, wanted]));
    });
    bar.querySelector("[data-bar-none]").addEventListener("click", unpick);
    bar.querySelector("[data-bar-delete]").addEventListener("click", async () => {
      const rows = pickedRows();
      unpick();
      g.remove(rows);
    });
    bar.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      const [row] = pickedRows();
      unpick();
      if (row) g.firstField(row).focus();
    });
  }
  if (bar) prepareBar();

  // -- showing only some rows ------------------------------------------------------------------------

  const missing = document.querySelector("[data-grid-missing]");
  const find = document.querySelector("[data-grid-find]");
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "")
    .replace(/[đĐ]/g, "d").toLowerCase();

  // A row that is mended stays until the list is asked for again, so that none slips away.
  function filter() {
    const wanted = fold(find ? find.value : "").split(/\s+/).filter(Boolean);
    const isLacking = Boolean(missing) && missing.checked;
    let count = 0;
    for (const row of g.rows()) {
      const lacks = row.querySelector(":scope > .has-error") || row.classList.contains("is-unsaved");
      const text = wanted.length ? fold(Object.values(g.cellsIn(row)).join(" ")) : "";
      const isNew = !row.dataset.pk;
      row.hidden = !isNew && ((isLacking && !lacks) || !wanted.every((word) => text.includes(word)));
      if (!row.hidden && !isNew) count += 1;
    }
    g.unchoose();
    if (wanted.length || isLacking) g.say(`${words.textRowsShown} ${count}`);
    show();
  }
  if (missing) missing.addEventListener("change", filter);
  if (find) {
    let timer = 0;
    find.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(filter, 150);
    });
  }

  // A link to a cell that is not shown brings all rows back.
  function showAll() {
    if (missing) missing.checked = false;
    if (find) find.value = "";
    filter();
  }

  Object.assign(g, { pickedRows, showAll });
})();
