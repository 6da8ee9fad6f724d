// Where the phone is, asked once when a form is opened; without a position the form says why.
(function (phone) {
  "use strict";

  const ASK = { enableHighAccuracy: true, timeout: 45000, maximumAge: 60000 };
  const DIGITS = 1e6;

  const WHY = () => ["", phone.t("没有允许取位置"), phone.t("收不到卫星信号"), phone.t("等了太久没有取到位置")];

  /** @returns {Promise<{position: {lon: number, lat: number, acc: number}|null, no_position_why: string}>} never fails */
  function here() {
    if (!navigator.geolocation) return Promise.resolve({ position: null, no_position_why: phone.t("这部手机不能定位") });
    return new Promise((found) => navigator.geolocation.getCurrentPosition(
      ({ coords }) => found({ position: { lon: round(coords.longitude), lat: round(coords.latitude), acc: Math.round(coords.accuracy) }, no_position_why: "" }),
      (error) => found({ position: null, no_position_why: WHY()[error.code] || error.message }),
      ASK,
    ));
  }

  const round = (degrees) => Math.round(degrees * DIGITS) / DIGITS;

  /** A line that tells how it goes, and puts what was found into `form`; `found` is called then. */
  function line(form, found) {
    const said = phone.h("p", { class: "position" });
    const tell = () => phone.fill(said, phone.icon("pin"), " ", form.position
      ? phone.t("位置已取，误差约{acc}米", { acc: form.position.acc })
      : form.no_position_why ? phone.t("没有位置：{why}", { why: form.no_position_why }) : phone.t("正在取位置…"));
    tell();
    if (!form.position) {
      here().then((told) => {
        Object.assign(form, told);
        tell();
        found();
      });
    }
    return said;
  }

  phone.place = { here, line };
})((self.phone = self.phone || {}));
