package user;

import generated.ApiClient;
import generated.api.EditsApi;
import generated.api.ImagesApi;
import generated.model.EditRequest;
import java.io.File;

/** A client of openapi-generator: uploads a photo, makes an edit of it, fetches the picture. */
public final class User {
  public static void main(String[] arguments) throws Exception {
    var client = new ApiClient().setBasePath(System.getenv("FLUX_API_URL")).setReadTimeout(90_000);
    client.setBearerToken(System.getenv("FLUX_API_KEY"));
    var image = new ImagesApi(client).createImage(new File(System.getenv("PORTRAIT")), null);
    var order = new EditRequest().image(image.getId()).prompt("a woman wearing glasses");
    var edit = new EditsApi(client).createEdit(order, null, "wait");
    byte[] picture = edit.getImage().getUrl().toURL().openStream().readAllBytes();
    if (picture[1] != 'P') throw new IllegalStateException("no PNG");
    System.out.println("a picture of " + picture.length + " bytes");
  }
}
