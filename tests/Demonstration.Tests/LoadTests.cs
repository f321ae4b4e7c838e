using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RollingDeploy;

namespace ShutdownAnalyzers.Demonstration.Tests;

/// <summary>The count is what the demonstration stands on: it has to see each kind of loss.</summary>
public sealed class LoadTests
{
    [Fact]
    public async Task CountsWhatIsAnswered()
    {
        var tally = await RunAsync(_ => false, lose: _ => { });

        Assert.True(tally.Answered > 100, $"{tally.Answered} answered");
        Assert.Empty(tally.LostBy);
        Assert.Equal(tally.Answered, tally.Requests);
    }

    [Fact]
    public async Task CountsWhatTheProxyAnswersForADeadInstance()
    {
        var tally = await RunAsync(request => request % 10 == 0, context => context.Response.StatusCode = StatusCodes.Status502BadGateway);

        Assert.True(tally.Lost > 0);
        Assert.Equal(["502 Bad Gateway"], tally.LostBy.Keys);
        Assert.Equal(tally.Answered + tally.Lost, tally.Requests);
    }

    [Fact]
    public async Task CountsBrokenConnections()
    {
        var tally = await RunAsync(request => request % 10 == 0, context => context.Abort());

        Assert.True(tally.Lost > 0);
        Assert.True(tally.Answered > 0);
    }

    [Fact]
    public async Task CountsAnOrderThatIsNotThereAnyMore()
    {
        var tally = await RunAsync(request => request % 10 == 0, context => context.Response.StatusCode = StatusCodes.Status404NotFound);

        Assert.Equal(["404 Not Found"], tally.LostBy.Keys);
    }

    private static async Task<Tally> RunAsync(Func<int, bool> isLost, Action<HttpContext> lose)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        await using var app = builder.Build();

        var requests = 0;
        app.Run(context =>
        {
            if (isLost(Interlocked.Increment(ref requests)))
            {
                lose(context);
                return Task.CompletedTask;
            }

            if (HttpMethods.IsPost(context.Request.Method))
            {
                context.Response.StatusCode = StatusCodes.Status201Created;
                return context.Response.WriteAsJsonAsync(new { id = "1" });
            }

            return context.Request.Path == "/orders"
                ? context.Response.WriteAsJsonAsync(new[] { new { id = "1" } })
                : context.Response.WriteAsJsonAsync(new { id = "1" });
        });
        await app.StartAsync();

        await using var load = new Load(new Uri(app.Urls.Single()), clients: 4);
        for (var i = 0; i < 300 && load.Tally.Requests < 200; i++)
            await Task.Delay(100);
        return await load.FinishAsync(CancellationToken.None);
    }
}
