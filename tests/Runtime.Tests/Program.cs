using Microsoft.AspNetCore.Builder;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>An application as people write it, which <see cref="TestHostTests"/> starts with a <c>WebApplicationFactory</c>.</summary>
public sealed class Program
{
    public static void Main(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        WebApplication app = builder.Build();
        app.MapReadiness();
        app.MapLiveness();
        app.MapGet("/hello", () => "hello");
        app.Run();
    }
}
