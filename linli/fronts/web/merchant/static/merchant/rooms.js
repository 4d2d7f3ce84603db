// On a narrow screen the rooms are one line that scrolls: the one that is open is brought into view.
const here = document.querySelector(".side [aria-current]");
const side = here?.closest(".side");
if (side && side.scrollWidth > side.clientWidth) side.scrollLeft = here.offsetLeft - (side.clientWidth - here.offsetWidth) / 2;
