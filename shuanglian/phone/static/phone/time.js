// Days and moments as the server wants them, and as people read them.
(function (phone) {
  "use strict";

  const two = (number) => String(number).padStart(2, "0");

  /** "2015-06-01" where the phone is. @param {Date} date */
  function day(date) {
    return [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  }

  /** "09:30" */
  const clock = (date) => two(date.getHours()) + ":" + two(date.getMinutes());

  /** ISO 8601 with the phone's own zone. @param {Date} date */
  function iso(date) {
    const ahead = -date.getTimezoneOffset();
    const zone = (ahead < 0 ? "-" : "+") + two(Math.floor(Math.abs(ahead) / 60)) + ":" + two(Math.abs(ahead) % 60);
    return day(date) + "T" + clock(date) + ":" + two(date.getSeconds()) + zone;
  }

  /** Whole days between two days "2015-05-20" and "2015-06-01": 12. */
  function daysBetween(from, until) {
    return Math.round((Date.parse(until) - Date.parse(from)) / 86400000);
  }

  phone.time = { day, clock, iso, daysBetween };
})((self.phone = self.phone || {}));
