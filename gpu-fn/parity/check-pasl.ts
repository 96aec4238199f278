/** `pasl`: features, logits, mask, BCE, Dice. Gradients and optimizer steps belong to the training code. */
import { binaryCrossEntropy, diceLoss, openPasl } from "../src/model/pasl.ts";
import type { ParityCase } from "./case.ts";

export const PASL_TRAINING_OUTPUTS = /^out\.(grad|adamw\d*|train_losses)\b/;

export async function checkPasl(parity: ParityCase): Promise<void> {
  const pasl = await openPasl(parity.weights(), parity.config);
  const [batch = 0, , height = 0, width = 0] = parity.shape("in.image");
  const image = await pasl.imageFeatures(parity.input("in.image"), height, width);
  const { textFeatures, logits, masks } = await pasl.locate(image, parity.input("in.text"));
  await pasl.release();
  parity.compare("out.f_img", image.data);
  parity.compare("out.f_text", textFeatures);
  parity.compare("out.logits", logits);
  parity.compare("out.mask", masks);

  const truth = parity.input("in.gt");
  const pixels = image.height * image.width;
  const each = (loss: (values: Float32Array, truth: Float32Array) => number, values: Float32Array) =>
    Array.from({ length: batch }, (_, row) => {
      const [start, end] = [row * pixels, (row + 1) * pixels];
      return loss(values.subarray(start, end), truth.subarray(start, end));
    });
  const bce = each(binaryCrossEntropy, logits);
  const dice = each(diceLoss, masks);
  parity.compare("out.bce", bce);
  parity.compare("out.dice", dice);
  const loss = bce.reduce((sum, value, row) => sum + value + (dice[row] ?? 0), 0) / batch;
  parity.compareIfThere("out.loss", [loss]);
}
