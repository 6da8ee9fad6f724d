// Runs before the page is drawn: menus fold only where a script can open them again.
document.documentElement.classList.add("js");
