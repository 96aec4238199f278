"""Which points of MediaPipe's face mesh outline what.

The mesh has 468 points and, refined, 10 more on the irises (canonical_face_model.obj and face_mesh_connections.py of
MediaPipe, Apache-2.0). "Left" and "right" are the picture's: the right eye of the person is on the left. Rings and
arcs run from the picture's left to its right and back.
"""

POINTS = 478

BROW_CENTRE, NOSE_TIP, NOSE_BASE, CHIN, FOREHEAD = 9, 1, 2, 152, 10
LEFT_SIDE, RIGHT_SIDE = 234, 454  # where the face ends, at the height of the ears
MOUTH_CORNERS = (61, 291)

# The face's outline: over the forehead from eye to eye, and below along the jaw from ear to ear.
FOREHEAD_ARC = (127, 162, 21, 54, 103, 67, 109, 10, 338, 297, 332, 284, 251, 389, 356)
JAW = (234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454)
# What a full beard leaves free: from the right sideburn over the cheek and below the nose to the left one.
BEARD_EDGE = (345, 352, 411, 427, 436, 426, 423, 326, 2, 97, 203, 206, 216, 207, 187, 123, 116)

LIPS = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
OPENING = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95)

NOSE = (168, 351, 419, 456, 420, 358, 294, 327, 326, 2, 97, 98, 64, 129, 198, 236, 196, 122)

# Each of the following: the left of the picture, then the right.
EYES = ((33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7),
        (362, 398, 384, 385, 386, 387, 388, 466, 263, 249, 390, 373, 374, 380, 381, 382))
LIDS = ((130, 247, 30, 29, 27, 28, 56, 190, 243, 112, 26, 22, 23, 24, 110, 25),
        (463, 414, 286, 258, 257, 259, 260, 467, 359, 255, 339, 254, 253, 252, 256, 341))
SHADOW = ((113, 225, 224, 223, 222, 221, 189, 243, 112, 26, 22, 23, 24, 110, 25, 130),
          (413, 441, 442, 443, 444, 445, 342, 359, 255, 339, 254, 253, 252, 256, 341, 463))
UNDER_EYES = ((33, 7, 163, 144, 145, 153, 154, 155, 133, 128, 121, 120, 119, 118, 117, 111),
              (362, 382, 381, 380, 374, 373, 390, 249, 263, 340, 346, 347, 348, 349, 350, 357))
BROW_TOPS = ((70, 63, 105, 66, 107), (336, 296, 334, 293, 300))
BROW_BOTTOMS = ((46, 53, 52, 65, 55), (285, 295, 282, 283, 276))
CHEEKS = ((116, 117, 118, 119, 100, 36, 206, 207, 187, 147, 123),
          (329, 348, 347, 346, 345, 352, 376, 411, 427, 426, 266))
IRISES = ((468, 469, 470, 471, 472), (473, 474, 475, 476, 477))  # centre, then four points of the rim
