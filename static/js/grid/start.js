/* Starts the entry grid once all of its parts are there. */
(() => {
  "use strict";

  // One name of each file without which nothing could be saved: the rows keep their plain forms.
  const NEEDED = ["note", "save", "edit", "goTo"];
  const g = window.portalGrid;
  if (!g || !NEEDED.every((name) => name in g)) return;
  const { grid } = g;

  for (const row of g.rows()) {
    const key = row.dataset.row;
    if (/^\d+$/.test(key)) row.dataset.pk = key;
  }
  // What a browser filled in again by itself, after a reload, is as unsaved as what is typed.
  setTimeout(() => g.rows().filter(g.isDirty).forEach(g.touch), 1000);
  g.grow([...grid.querySelectorAll("textarea")]);
  grid.classList.add("is-live");
  const tools = document.querySelector("[data-grid-tools]");
  if (tools) tools.hidden = false;
  if (g.pattern && g.body.lastElementChild.dataset.pk) g.addRow();

  grid.addEventListener("click", (event) => {
    const button = event.target.closest("[data-row-delete]");
    if (!button) return;
    event.preventDefault();
    if (g.pattern) g.remove([g.rowOf(button)]);
    else removeForGood(g.rowOf(button));
  });

  // Where no row can be added none comes back, so it is asked first.
  async function removeForGood(row) {
    if (await window.portal.ask(g.words.textDelete)) g.removeRows([row]);
  }

  const add = document.querySelector("[data-grid-add]");
  if (add && g.pattern) {
    add.hidden = false;
    add.addEventListener("click", () => {
      const last = g.body.lastElementChild;
      g.firstField(g.isBlank(last) && !last.dataset.pk ? last : g.addRow()).focus();
    });
  }

  // A link to a cell (from the list of what is missing) puts the cursor into it.
  function follow() {
    const field = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!field || !grid.contains(field) || !field.focus) return;
    if (g.rowOf(field).hidden) g.showAll();
    field.focus();
  }
  window.addEventListener("hashchange", follow);
  // A second press on the same link does not change the hash.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#grid-summary a");
    if (link && link.hash === location.hash) setTimeout(follow);
  });
  follow();
  if (!location.hash && g.rows().length === 1) g.firstField(g.body.rows[0]).focus();
  if (g.offerUnsaved) g.offerUnsaved();
})();
