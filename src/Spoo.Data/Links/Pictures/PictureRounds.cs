using Microsoft.Extensions.Logging;

namespace Spoo.Data.Links.Pictures;

/// <summary>Removes a few times a day the pictures that no link shows any more.</summary>
public sealed class PictureRounds(LinkPictures pictures, TimeProvider clock, ILogger<PictureRounds> logger) : Rounds(clock, logger)
{
    protected override TimeSpan FirstPause => TimeSpan.FromMinutes(10);

    protected override async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        await pictures.ForgetUnusedAsync(cancellationToken);
        return TimeSpan.FromHours(6);
    }
}
