// Photos: drawn anew at most 1,280 pixels wide or high. Drawing anew leaves behind whatever else the camera had written
// into the file; what is told of a photo is its time, beside the visit's position.
(function (phone) {
  "use strict";

  const QUALITIES = [0.75, 0.6, 0.45, 0.3];

  /** Upright, also when the camera only noted that it was held sideways. */
  async function bitmapOf(file) {
    try {
      return await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch (error) {
      return createImageBitmap(file);
    }
  }

  function drawn(bitmap, edge) {
    const scale = Math.min(1, edge / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  const jpeg = (canvas, quality) => new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));

  /** @param {Blob} file @returns {Promise<ArrayBuffer>} JPEG, longest edge and bytes within the limits */
  async function shrunk(file) {
    const { edge, most } = phone.store.fact("photo");
    const canvas = drawn(await bitmapOf(file), edge);
    let blob = null;
    for (const quality of QUALITIES) {
      blob = await jpeg(canvas, quality);
      if (blob.size <= most) break;
    }
    return new Response(blob).arrayBuffer();
  }

  /** Take it into the store under `owner`. @returns {Promise<string>} its id */
  async function take(owner, file) {
    const bytes = await shrunk(file);
    const about = { digest: await phone.box.digest(bytes), takenAt: phone.time.iso(new Date(file.lastModified || Date.now())) };
    return phone.store.keepPhoto(owner, bytes, about);
  }

  /** A small picture of a kept photo. */
  async function thumb(row) {
    const canvas = drawn(await createImageBitmap(new Blob([await phone.store.bytesOf(row)])), 160);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", phone.t("照片"));
    return canvas;
  }

  phone.photos = { take, thumb };
})((self.phone = self.phone || {}));
