/* Moving between the cells of the entry grid by keys, and choosing a block of them by keys, mouse or
   both; what is done to the block: fill down, clear. */
(() => {
  "use strict";

  const g = window.portalGrid;
  if (!g) return;
  const { grid, words } = g;

  // -- the block: from the cell it began in to the one it reaches -------------------------------

  let from = null;
  let to = null;
  let marked = [];

  const isBlock = () => marked.length > 1;

  // The cells of the block, row by row, of rows that are shown.
  function block() {
    if (!from || !to || !from.isConnected || !to.isConnected) return [];
    const rows = g.shownRows();
    const [top, bottom] = [from, to].map((cell) => rows.indexOf(g.rowOf(cell))).sort((a, b) => a - b);
    const names = g.columns();
    const [left, right] = [from, to].map((cell) => names.indexOf(cell.dataset.cell)).sort((a, b) => a - b);
    return rows.slice(Math.max(top, 0), bottom + 1).map((row) => g.cellsOf(row).slice(left, right + 1));
  }

  function choose(first, last) {
    from = first;
    to = last;
    const now = block().flat();
    const isNow = new Set(now);
    const wasMarked = new Set(marked);
    for (const cell of marked) if (!isNow.has(cell)) cell.classList.remove("is-picked");
    for (const cell of now) if (!wasMarked.has(cell)) cell.classList.add("is-picked");
    marked = now;
    if (isBlock()) g.say(`${words.textPickedCells} ${now.length}`);
  }

  function unchoose() {
    for (const cell of marked) cell.classList.remove("is-picked");
    marked = [];
    from = to = null;
  }

  // -- the cursor ----------------------------------------------------------------------------------

  function goTo(field) {
    if (!field) return;
    field.focus();
    if (field.select && !g.isTick(field)) field.select();
  }

  const isWhole = (field) => g.isTick(field) ||
    (field.selectionStart === 0 && field.selectionEnd === field.value.length);
  const isAtStart = (field) => field.selectionStart === 0 && field.selectionEnd === 0;
  const isAtEnd = (field) => field.selectionStart === field.value.length;

  // A long text is walked through line by line; its ends lead to the cells above and below.
  function leavesText(field, step) {
    if (field.tagName !== "TEXTAREA" || isWhole(field)) return true;
    const isOneLine = !field.value.includes("\n") && field.clientHeight < 48;
    return isOneLine || (step < 0 ? isAtStart(field) : isAtEnd(field));
  }

  const leavesAside = (field, step) =>
    isWhole(field) || (step < 0 ? isAtStart(field) : isAtEnd(field) && field.selectionEnd === field.selectionStart);

  const cellBeside = (cell, step) => {
    const next = step > 0 ? cell.nextElementSibling : cell.previousElementSibling;
    return next && next.dataset.cell ? next : null;
  };

  const cellBelow = (cell, step) => {
    const row = g.beside(g.rowOf(cell), step);
    return row && row.querySelector(`:scope > [data-cell="${cell.dataset.cell}"]`);
  };

  const STEPS = {
    ArrowUp: [cellBelow, -1], ArrowDown: [cellBelow, 1],
    ArrowLeft: [cellBeside, -1], ArrowRight: [cellBeside, 1],
  };

  function onArrow(event, cell) {
    const [next, step] = STEPS[event.key];
    const leaves = next === cellBelow ? leavesText : leavesAside;
    if (event.shiftKey) {
      if (!isBlock() && !leaves(event.target, step)) return;
      event.preventDefault();
      const reached = next(to || cell, step);
      if (reached) choose(from || cell, reached);
      return;
    }
    if (!isBlock() && !leaves(event.target, step)) return;
    const reached = next(cell, step);
    if (!reached) return;
    event.preventDefault();
    unchoose();
    goTo(g.fieldOf(reached));
  }

  function onEnter(event, cell) {
    event.preventDefault();
    const row = g.rowOf(cell);
    unchoose();
    if (!g.beside(row, 1) && g.pattern && !g.isBlank(row)) g.addRow();
    // A new row begins at its first cell, a step down stays in its column.
    const below = g.beside(row, 1);
    if (!below) return;
    goTo(below.dataset.pk ? g.fieldAt(below, cell.dataset.cell) : g.firstField(below));
  }

  grid.addEventListener("keydown", (event) => {
    const cell = g.cellOf(event.target);
    if (!cell || event.defaultPrevented || event.isComposing || event.altKey) return;
    const field = g.fieldOf(cell);
    if (event.target !== field) return;
    const isCommand = event.ctrlKey || event.metaKey;
    if (isCommand && event.key.toLowerCase() === "d") {
      event.preventDefault();
      fillDown(cell);
    } else if (isCommand) {
      return;
    } else if (STEPS[event.key]) {
      onArrow(event, cell);
    } else if (event.key === "Enter" && !event.shiftKey) {
      onEnter(event, cell);
    } else if ((event.key === "Delete" || event.key === "Backspace") && isBlock()) {
      event.preventDefault();
      clear();
    } else if (event.key === "Escape") {
      // First the block is let go, then the cell: outside of it single keys are shortcuts.
      if (isBlock()) unchoose();
      else grid.parentElement.focus();
    }
  });

  grid.addEventListener("input", unchoose);
  grid.addEventListener("focusin", (event) => {
    if (marked.length && !marked.includes(g.cellOf(event.target))) unchoose();
  });

  // -- the mouse -------------------------------------------------------------------------------------

  let pressed = null;

  grid.addEventListener("pointerdown", (event) => {
    const cell = g.cellOf(event.target);
    if (!cell || event.button !== 0 || event.pointerType !== "mouse") return;
    const began = g.cellOf(document.activeElement);
    if (event.shiftKey && began && grid.contains(began) && began !== cell) {
      event.preventDefault();
      return choose(from || began, cell);
    }
    unchoose();
    pressed = cell;
  });

  grid.addEventListener("pointerover", (event) => {
    const cell = pressed && g.cellOf(event.target);
    if (!cell || (cell === pressed && !isBlock())) return;
    if (!(event.buttons & 1)) return (pressed = null);
    if (!isBlock()) {
      // What the browser began to mark inside the first cell gives way to whole cells.
      const field = g.fieldOf(pressed);
      if (field.setSelectionRange && !g.isTick(field)) field.setSelectionRange(0, field.value.length);
      grid.classList.add("is-choosing");
    }
    choose(pressed, cell);
  });

  window.addEventListener("pointerup", () => {
    if (pressed && isBlock()) g.fieldOf(pressed).focus({ preventScroll: true });
    pressed = null;
    grid.classList.remove("is-choosing");
  });

  // -- what is done to a block ------------------------------------------------------------------------

  // The first row of the block goes into the others; one row alone takes what stands above it.
  function fillDown(cell) {
    const rows = isBlock() ? block() : [[cell]];
    const source = rows.length > 1 ? rows.shift() : rows[0].map((each) => cellBelow(each, -1));
    if (source.includes(null)) return;
    const values = source.map((each) => g.valueOf(g.fieldOf(each)));
    const targets = rows.filter((row) => g.pattern || g.rowOf(row[0]).dataset.pk);
    g.edit(words.textFilled, targets.flatMap((row) => row.map((each, at) => [g.fieldOf(each), values[at]])));
  }

  function clear() {
    g.edit(words.textCleared, marked.map((cell) => [g.fieldOf(cell), ""]));
  }

  Object.assign(g, { goTo, choose, unchoose, block, isBlock, isWhole, clear });
})();
