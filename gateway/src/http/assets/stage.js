// The glass: layers that are prepared unseen and then take each other's place.

import { fit, loaded, paint, withoutPicture } from "/assets/creative.js";

/** A picture that takes longer than this does not come. */
const LOAD_MAX_MS = 8_000;
/** A little more than the fade in player.css: transitions may be skipped. */
const FADE_MAX_MS = 700;

export class Stage {
  #root;
  #on = null;

  constructor(root) {
    this.#root = root;
    new ResizeObserver(() => {
      for (const node of root.querySelectorAll(".creative")) fit(node);
    }).observe(root);
  }

  /**
   * Builds a creative unseen, with its picture decoded and its words fitted.
   * Throws when the picture does not come, unless it may go `without` it.
   */
  async prepare(creative, { without = false, patience = LOAD_MAX_MS, code = null } = {}) {
    const layer = document.createElement("div");
    layer.className = "layer";
    const root = layer.appendChild(paint(creative, code));
    this.#root.append(layer);
    try {
      await Promise.all([within(loaded(root), patience), document.fonts.ready]);
    } catch (error) {
      if (!without) {
        layer.remove();
        throw error;
      }
      withoutPicture(root);
    }
    fit(root);
    return layer;
  }

  /** Throws a prepared layer away. */
  discard(layer) {
    layer.remove();
  }

  /**
   * Puts a prepared layer on the glass. Resolves to true once it has really
   * been there for two frames, to false when another one came before that.
   */
  async show(layer, { fade = true } = {}) {
    this.#root.append(layer);
    this.#on = layer;
    if (fade) {
      layer.classList.add("fading");
      // The browser must have seen the layer transparent, or it does not fade.
      await frame();
    }
    layer.classList.add("visible");
    if (fade) await faded(layer);
    if (this.#on !== layer) return false;
    for (const other of this.#root.querySelectorAll(".layer.visible")) {
      if (other !== layer) other.remove();
    }
    layer.classList.remove("fading");
    await frame();
    await frame();
    return this.#on === layer;
  }
}

function frame() {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}

function faded(layer) {
  return new Promise((resolve) => {
    layer.addEventListener("transitionend", resolve, { once: true });
    setTimeout(resolve, FADE_MAX_MS);
  });
}

function within(promise, ms) {
  return Promise.race([
    promise,
    new Promise((_, reject) => setTimeout(reject, ms, new Error("late"))),
  ]);
}
