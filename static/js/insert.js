/* Buttons that put a sentence into a text: <button data-insert="id of the field" data-sentence="…">.
   Without this script the server does the same. */
(() => {
  "use strict";

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-insert]");
    const field = button && document.getElementById(button.dataset.insert);
    if (!field) return;
    event.preventDefault();
    const typed = field.value.trimEnd();
    field.value = typed ? `${typed}\n${button.dataset.sentence}` : button.dataset.sentence;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  });
})();
