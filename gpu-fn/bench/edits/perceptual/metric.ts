/** Five points of a face in pixels of the picture, each [x, y]: eyes and mouth corners as the viewer's left and right. */
export interface FaceLandmarks {
  readonly leftEye: Point;
  readonly rightEye: Point;
  readonly nose: Point;
  readonly leftMouth: Point;
  readonly rightMouth: Point;
}
export type Point = readonly [x: number, y: number];

/** An edited picture beside its source: square, of one size, interleaved RGB bytes. */
export interface Comparison {
  readonly picture: Uint8Array;
  readonly source: Uint8Array;
  readonly sourcePrompt: string;
  readonly targetPrompt: string;
  /** Of the source; an edit is not meant to move the face, so they serve both pictures. */
  readonly landmarks?: FaceLandmarks;
}

/** Figures by a pretrained network, which the user supplies as an ONNX file. */
export interface PerceptualMetric {
  /** What each key of `measure` is, in a sentence: for the report's notes. */
  readonly keys: Readonly<Record<string, string>>;
  /** NaN if the figure is not defined for the pair. */
  measure(compared: Comparison): Promise<Readonly<Record<string, number>>>;
  release(): Promise<void>;
}
