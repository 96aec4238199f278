/** Training phrases of the face's shape, its skin, chin and cheeks. */
import type { Region } from "../../../../../shared/regions.ts";
import { bare, carried } from "./grammar.ts";

export const FACE_PHRASES = {
  face_shape: [
    ...carried(`
      slim lower face; a chubby face; a round face; an oval face; a narrow face; a wide face; a square jaw; a
      slim face; a strong jaw; a long face; a heart-shaped face; a thin face; a lean face; a gaunt face; a
      bony face; a full face; a fleshy face; a puffy face; a square face; a triangular face; a rectangular
      face; a diamond-shaped face; a V-shaped face; a baby face; a big face; a small face; a short face; a
      soft jaw; a chiseled jaw; a wide jaw; a narrow jaw; a sharp jaw; a heavy jaw; a defined jaw; a slimmer
      face; a rounder face; a longer face; a wider face; a narrower face; a moon face; a large head; a narrow
      head; sharp facial contours; soft facial contours; an egg-shaped face; a skinny face; a stout face; a
      massive jaw; an overweight face; a well-fed face; a delicate face; a geometric face; a hard-edged face;
      a pear-shaped face; a muscular jaw; a slim jaw; a round jaw; a fine jaw; a rugged face; a chunky face; a
      hollow face; a wide skull; a symmetrical face; strong bones in the face; a rounded jaw; facial bones
      that stand out`),
    ...bare(`
      a chubby {n}; a round-faced {n}; a thin-faced {n}; a square-jawed {n}; a long-faced {n}; an overweight
      {n}; a skinny {n}; a chunky {n}; make the face slimmer; make the face rounder; change the shape of the
      face; the outline of the face; give {o} a slimmer face; {s} who gained weight; {s} who lost weight; a
      baby-faced {n}`),
  ],
  chin: [
    ...carried(`
      double chins; a square chin; a double chin; a pointed chin; a round chin; a small chin; a big chin; a
      long chin; a short chin; a strong chin; a weak chin; a receding chin; a dimpled chin; a dimple in the
      chin; a prominent chin; a jutting chin; a sharp chin; a wide chin; a narrow chin; a soft chin; a fleshy
      chin; a sagging chin; a second chin; a triple chin; a flat chin; a bony chin; a pointy chin; a large
      chin; a tiny chin; a heavy chin; a firm chin; a chubby chin; loose skin under the chin; flab under the
      chin; a bulge below the chin; a thick chin; a smooth chin; a rounded chin; a bigger chin; a smaller
      chin; a chin that sticks out; a split chin; a groove in the chin; a swinging double chin; an extra chin`),
    ...bare(`
      {s} without a double chin; give {o} a double chin; remove the double chin; a double-chinned {n}; make
      the chin longer; make the chin pointed; make the chin smaller; {s} sticking the chin out; a chin tuck
      for {o}; the tip of the chin`),
  ],
  skin: [
    ...carried(`
      pale skin; tan skin; dark skin; fair skin; light skin; brown skin; black skin; smooth skin; freckled
      skin; a darker skin tone; a light skin tone; white skin; golden skin; porcelain skin; ebony skin; bronze
      skin; bronzed skin; tanned skin; a suntan; a tan; yellow skin; pink skin; red skin; glowing skin; clear
      skin; dry skin; oily skin; aged skin; wrinkled skin; rough skin; soft skin; spotted skin; young skin;
      old skin; a lighter skin tone; caramel skin; chocolate skin; honey-colored skin; milky skin; deep brown
      skin; medium skin; beige skin; warm skin; acne on the skin; a rash on the skin; skin darkened by summer;
      a medium skin tone; skin as white as snow; alabaster skin; cream-colored skin; mahogany skin; copper
      skin; an even skin tone; a skin condition; peeling skin; scorched red skin; mediterranean skin; african
      skin; asian skin; nordic skin`),
    ...bare(`
      a pale {n}; a tanned {n}; a dark-skinned {n}; a fair-skinned {n}; a light-skinned {n}; a brown-skinned
      {n}; make the skin darker; make the skin lighter; give {o} a tan; change the skin tone; {s} after a day
      at the beach; a bronzed {n}; an albino {n}; lighten the skin; {s} back from a summer holiday`),
  ],
  cheeks: [
    ...carried(`
      rosy cheeks; high cheekbones; red cheeks; pink cheeks; pale cheeks; flushed cheeks; full cheeks; chubby
      cheeks; freckles on the cheeks; hollow cheeks; sunken cheeks; round cheeks; puffy cheeks; ruddy cheeks;
      apple cheeks; dimples; dimples in the cheeks; dimpled cheeks; sharp cheekbones; prominent cheekbones;
      defined cheekbones; low cheekbones; glowing cheeks; warm cheeks; burning cheeks; bright red cheeks;
      cheeks red from the cold; a pink glow on the cheeks; a red glow on the cheeks; color in the cheeks; soft
      cheeks; smooth cheeks; tear-stained cheeks; a scar on the cheek; a mole on the cheek; a flushed face; a
      face flushed with embarrassment; a face red with shame; a healthy pink glow; peach-colored cheeks;
      rose-colored cheeks; cheeks like apples; bony cheeks; fleshy cheeks; sagging cheeks; hamster cheeks;
      chipmunk cheeks; red spots on the cheeks; a warm flush; pink powder on the cheeks; reddened cheeks; a
      rosy glow`),
    ...bare(`
      a rosy-cheeked {n}; give {o} rosy cheeks; a red-cheeked {n}; a flushed {n}; an embarrassed {n}; {s}
      turning red; {s} turning red with shame; {s} flushing; {s} reddening; {s} puffing out the cheeks; an
      ashamed {n}; {s} flushed from running; make the cheeks pink; a {n} glowing with embarrassment; {s}
      embarrassed by a compliment; a shy {n} turning pink; {s} going red in the face; {s} with the cheeks
      painted pink; a chubby-cheeked {n}; a hollow-cheeked {n}; a dimpled {n}`),
  ],
} as const satisfies Partial<Record<Region, readonly string[]>>;
