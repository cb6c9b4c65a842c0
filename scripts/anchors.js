'use strict';

/** The anchor that GitHub gives to a heading of Markdown, and so does the site. */
function anchorOf(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

module.exports = { anchorOf };
