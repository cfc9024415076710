using Microsoft.Net.Http.Headers;
using Spoo.Data.Links.Pictures;
using Spoo.Web.Addresses;
using Spoo.Web.Limits;

namespace Spoo.Web.Export;

/// <summary>Shows the pictures that were brought for the cards of links to those who draw the cards. They are called by their content and never change.</summary>
internal static class PictureFiles
{
    public static void MapPictureFiles(this WebApplication app) => app
        .MapGet("/" + LinkPictures.Path + "/{name}", async (string name, LinkPictures pictures, HttpContext context) =>
        {
            if (await pictures.FindAsync(name, context.RequestAborted) is not { } picture)
            {
                return Results.NotFound();
            }

            context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
            return Results.Bytes(picture.Content, picture.MediaType, entityTag: new EntityTagHeaderValue($"\"{name}\""));
        })
        .WithMetadata(new PageLimitAttribute(RateLimits.Picture)).ExcludeFromDescription().AnswerHead();
}
