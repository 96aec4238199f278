"""MediaPipe's face mesh as an adapter: a photo's pixels in, the mesh of its largest face out.

The models are the ones inside the wheel (detector, mesh with irises): nothing is downloaded.
"""

import os

import numpy as np
from PIL import Image

os.environ.setdefault("GLOG_minloglevel", "3")  # read when the library is loaded

LONGEST = 1280  # pixels a side that the detector is given
FACES = 4


def largest(meshes: list[np.ndarray]) -> np.ndarray:
    """The mesh with the largest bounding box."""
    return max(meshes, key=lambda points: np.prod(np.ptp(points, axis=0)))


class FaceMesh:
    def __init__(self):
        from mediapipe.python.solutions import face_mesh  # seconds, and only workers need it
        self.model = face_mesh.FaceMesh(
            static_image_mode=True, refine_landmarks=True, max_num_faces=FACES, min_detection_confidence=0.5)

    def find(self, photo: Image.Image) -> np.ndarray | None:
        """Mesh [478,2] in the photo's pixels, or None if there is no face."""
        small = photo.copy()
        small.thumbnail((LONGEST, LONGEST))
        faces = self.model.process(np.ascontiguousarray(small)).multi_face_landmarks
        if not faces:
            return None
        found = [np.array([(point.x, point.y) for point in face.landmark]) * photo.size for face in faces]
        return largest(found)
