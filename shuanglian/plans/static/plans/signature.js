// A signature drawn with a finger, a pen or a mouse; it goes along with the form as a picture on white.
(() => {
  "use strict";
  const pad = document.querySelector("[data-pad]");
  if (!pad) return;
  const canvas = pad.querySelector("canvas");
  const field = document.querySelector('input[name="drawn"]');
  const pen = canvas.getContext("2d");
  let drawing = false;
  let inked = false;

  const blank = () => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.strokeStyle = "#10151c";
    pen.lineWidth = 7;
    pen.lineCap = "round";
    pen.lineJoin = "round";
    inked = false;
    field.value = "";
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    drawing = true;
    inked = true;
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  const stop = () => {
    drawing = false;
    if (inked) field.value = canvas.toDataURL("image/png");
  };
  canvas.addEventListener("pointerup", stop);
  canvas.addEventListener("pointercancel", stop);
  pad.querySelector("[data-clear]").addEventListener("click", blank);
  blank();
})();
