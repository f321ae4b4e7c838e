using ShutdownAnalyzers.Runtime;

namespace Quiet.Shipping;

/// <summary>Handlers as method groups; their streams are in the other file of this class.</summary>
internal static partial class ParcelEndpoints
{
    public static void MapParcels(this IEndpointRouteBuilder app)
    {
        var parcels = app.MapGroup("/parcels");
        parcels.MapGet("/{number:int}", Find);
        parcels.MapPost("/", Send);
        parcels.MapGet("/feed", FeedAsync);
        parcels.MapGet("/feed/lines", LinesAsync);
        parcels.Map("/socket", SocketAsync);
        parcels.MapGet("/wait", WaitAsync);
    }

    private static IResult Find(int number, Parcels parcels) => parcels.Find(number) is { } parcel ? Results.Ok(parcel) : Results.NotFound();

    /// <summary>Work that outlives the request is tracked: the stop waits for it.</summary>
    private static IResult Send(Parcel parcel, Parcels parcels, IGracefulShutdown shutdown)
    {
        parcels.Add(parcel);
        shutdown.Track("label", cancellationToken => parcels.LabelAsync(parcel, cancellationToken));
        return Results.Accepted();
    }

    /// <summary>A long poll with a bound of its own.</summary>
    private static async Task<IResult> WaitAsync(HttpContext context, ParcelFeed feed)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        bound.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            return Results.Ok(await feed.NextAsync(bound.Token));
        }
        catch (OperationCanceledException)
        {
            return Results.NoContent();
        }
    }
}
