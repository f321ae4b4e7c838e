using System.Runtime.CompilerServices;

var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown();

var app = builder.Build();
app.MapGet("/stream", (CancellationToken cancellationToken) => TypedResults.ServerSentEvents(Prices(cancellationToken)));
app.MapReadiness();
app.Run();

static async IAsyncEnumerable<int> Prices([EnumeratorCancellation] CancellationToken cancellationToken)
{
    while (true)
    {
        yield return Random.Shared.Next(100);
        await Task.Delay(200, cancellationToken);
    }
}
