/* Every change of the entry grid is one step that can be taken back: typing, filling, pasting,
   deleting and moving rows. Inside a cell being typed the browser's own undo comes first. */
(() => {
  "use strict";

  const g = window.portalGrid;
  if (!g) return;
  const { grid, words } = g;
  const MOST_STEPS = 200;
  const done = [];
  const undone = [];

  // A step: what was typed over, which rows began with it, which were deleted, how rows stood.
  function push(step) {
    // What is being typed in a cell came before.
    noteTyping({ target: document.activeElement });
    done.push({ changes: [], born: [], gone: [], ...step });
    if (done.length > MOST_STEPS) done.shift();
    undone.length = 0;
    show();
  }

  // -- changing cells --------------------------------------------------------------------------

  // What stood in a field when the cursor came, or when it was last changed by more than typing.
  const entered = new WeakMap();

  function edit(label, wanted) {
    const changes = wanted
      .map(([field, after]) => ({ field, before: g.valueOf(field), after }))
      .filter(({ before, after }) => before !== after);
    if (!changes.length) return Promise.resolve(true);
    const rows = rowsOf(changes);
    push({ label, changes, born: rows.filter((row) => !row.dataset.pk && g.isBlank(row)) });
    write(changes.map(({ field, after }) => [field, after]));
    return g.saveMany(rows);
  }

  const rowsOf = (changes) => [...new Set(changes.map(({ field }) => g.rowOf(field)))];

  function write(pairs) {
    for (const [field, value] of pairs) {
      g.setValue(field, value);
      g.touch(g.rowOf(field));
      entered.set(field, value);
    }
    g.grow(pairs.map(([field]) => field));
  }

  grid.addEventListener("focusin", (event) => {
    if (event.target.name && g.cellOf(event.target)) entered.set(event.target, g.valueOf(event.target));
  });

  // Typing is one step per cell, when it is left; a tick at once.
  function noteTyping(event) {
    const field = event.target;
    if (!field || !field.name || !g.cellOf(field) || !entered.has(field)) return;
    const before = entered.get(field);
    const after = g.valueOf(field);
    if (before === after) return;
    const row = g.rowOf(field);
    g.setValue(field, before);
    const wasBlank = !row.dataset.pk && g.isBlank(row);
    g.setValue(field, after);
    entered.set(field, after);
    push({ label: words.textTyped, changes: [{ field, before, after }], born: wasBlank ? [row] : [] });
  }
  grid.addEventListener("focusout", noteTyping);
  grid.addEventListener("change", (event) => {
    if (g.cellOf(event.target) && g.isTick(event.target)) noteTyping(event);
  });

  // -- deleting rows ----------------------------------------------------------------------------

  async function remove(rows) {
    const focus = rows.at(-1).nextElementSibling || rows[0].previousElementSibling;
    push({ label: words.textDeleted, gone: rows });
    const work = g.removeRows(rows);
    const next = focus && focus.isConnected ? focus : g.body.lastElementChild;
    if (next) g.firstField(next).focus();
    g.say(`${words.textDeleted}: ${rows.length}`);
    return work;
  }

  function bringBack(rows) {
    for (const row of [...rows].reverse()) {
      if (row.isConnected) continue;
      g.putBack(row);
      g.makeNew(row);
    }
    return g.saveMany(rows);
  }

  // -- back and forth ------------------------------------------------------------------------------

  async function undo() {
    const step = done.pop();
    if (!step) return g.tell(words.textNothing);
    undone.push(step);
    tellStep(words.textUndone, step);
    if (step.gone.length) bringBack(step.gone);
    if (step.stood) g.arrange(step.stood.before);
    write(step.changes.map(({ field, before }) => [field, before]));
    focusOn(step);
    const rows = rowsOf(step.changes);
    // A row that began with this step goes with it; one that was never sent only becomes empty.
    const born = step.born.filter((row) => row.isConnected && g.isBlank(row));
    const others = rows.filter((row) => !born.includes(row));
    if (born.length) await g.removeRows(born);
    await g.saveMany(others);
  }

  async function redo() {
    const step = undone.pop();
    if (!step) return;
    done.push(step);
    tellStep(words.textRedone, step);
    for (const row of step.born) {
      if (row.isConnected) continue;
      g.putBack(row);
      g.makeNew(row);
    }
    write(step.changes.map(({ field, after }) => [field, after]));
    if (step.stood) g.arrange(step.stood.after);
    focusOn(step);
    if (step.gone.length) await g.removeRows(step.gone.filter((row) => row.isConnected));
    await g.saveMany(rowsOf(step.changes));
  }

  function tellStep(how, step) {
    g.tell(`${how} ${step.label}`);
    g.say(`${how} ${step.label}`);
    show();
  }

  function focusOn(step) {
    const field = step.changes.length ? step.changes[0].field
      : g.firstField(step.gone[0] || (step.stood && step.stood.rows[0]));
    if (field && field.isConnected && !g.rowOf(field).hidden) field.focus();
  }

  // The buttons say whether there is something; they stay where the cursor can reach them.
  function show() {
    for (const [name, steps] of [["undo", done], ["redo", undone]]) {
      const button = document.querySelector(`[data-grid-${name}]`);
      if (button) button.setAttribute("aria-disabled", String(!steps.length));
    }
  }
  for (const [name, act] of [["undo", undo], ["redo", redo]]) {
    const button = document.querySelector(`[data-grid-${name}]`);
    if (button) button.addEventListener("click", act);
  }

  grid.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
    const key = event.key.toLowerCase();
    const isRedo = key === "y" || (key === "z" && event.shiftKey);
    if (!isRedo && key !== "z") return;
    const field = event.target;
    const isTyped = entered.has(field) && entered.get(field) !== g.valueOf(field);
    if (isTyped || (isRedo && !undone.length)) return;
    event.preventDefault();
    if (isRedo) redo();
    else undo();
  });

  Object.assign(g, { edit, push, remove, undo, redo, entered });
})();
