using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.AnalyzerCost;

/// <summary>A web application that has nothing to report: a program, and any number of files with plain code, and a controller and a hosted service in some or each of them.</summary>
internal static class GeneratedCode
{
    private const string Quiet = """
        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        builder.Services.AddControllers();
        var app = builder.Build();
        app.MapReadiness();
        app.MapLiveness();
        app.MapControllers();
        app.Run();
        """;

    /// <summary>The files, and a program: a page's example, or one that is right.</summary>
    /// <param name="files">How many files beside the program's.</param>
    /// <param name="example">The page's example, or null.</param>
    /// <param name="hostedEvery">The controller and the hosted service are in each so many-th file.</param>
    public static Compilation Compile(int files, RuleExample? example = null, int hostedEvery = 1)
    {
        var parse = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);
        var code = example?.Code() ?? new RuleExample(Quiet, "").Code();
        var sources = Enumerable.Range(0, code.NetOnly ? 0 : files).Select(i => (Text: PlainCode(i) + (i % hostedEvery == 0 ? HostedCode(i) : ""), Path: $"File{i}.cs")).Append((example?.Source ?? Quiet, "Program.cs"));
        if (!code.NetOnly)
            sources = sources.Append((Code.WebUsings.Text.ToString(), Code.WebUsings.Name));
        return CSharpCompilation.Create(
            "Generated",
            sources.Select(source => CSharpSyntaxTree.ParseText(source.Item1, parse, source.Item2, System.Text.Encoding.UTF8)),
            code.References(),
            new CSharpCompilationOptions(code.OutputKind, nullableContextOptions: NullableContextOptions.Enable));
    }

    private static string PlainCode(int i) => $$"""
        using Microsoft.AspNetCore.Mvc;

        namespace Generated.Area{{i % 20}};

        public sealed record Order{{i}}(int Id, string Customer, decimal Total);

        public interface IOrders{{i}}
        {
            Task<Order{{i}}?> FindAsync(int id, CancellationToken cancellationToken);
            Task SaveAsync(Order{{i}} order, CancellationToken cancellationToken);
        }

        public sealed class Orders{{i}}(ILogger<Orders{{i}}> logger) : IOrders{{i}}
        {
            private readonly Dictionary<int, Order{{i}}> _orders = new();

            public Task<Order{{i}}?> FindAsync(int id, CancellationToken cancellationToken)
            {
                logger.LogDebug("Looking for {Id}", id);
                return Task.FromResult(_orders.TryGetValue(id, out var order) ? order : null);
            }

            public async Task SaveAsync(Order{{i}} order, CancellationToken cancellationToken)
            {
                for (var attempt = 0; attempt < 3; attempt++)
                {
                    if (_orders.TryAdd(order.Id, order))
                        return;
                    await Task.Delay(TimeSpan.FromMilliseconds(10 * attempt), cancellationToken);
                }

                throw new InvalidOperationException($"Order {order.Id} of {order.Customer} exists.");
            }

            public decimal Sum(Func<Order{{i}}, bool> filter) => _orders.Values.Where(filter).Sum(order => order.Total);
        }

        """;

    private static string HostedCode(int i) => $$"""

        [ApiController]
        [Route("orders{{i}}")]
        public sealed class Orders{{i}}Controller(IOrders{{i}} orders) : ControllerBase
        {
            [HttpGet("{id}")]
            public async Task<ActionResult<Order{{i}}>> Get(int id, CancellationToken cancellationToken) =>
                await orders.FindAsync(id, cancellationToken) is { } order ? order : NotFound();

            [HttpPost]
            public async Task<IActionResult> Post(Order{{i}} order, CancellationToken cancellationToken)
            {
                await orders.SaveAsync(order, cancellationToken);
                return CreatedAtAction(nameof(Get), new { id = order.Id }, order);
            }
        }

        public sealed class Cleaner{{i}}(IOrders{{i}} orders) : BackgroundService
        {
            protected override async Task ExecuteAsync(CancellationToken stoppingToken)
            {
                using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1));
                while (await timer.WaitForNextTickAsync(stoppingToken))
                    await orders.FindAsync({{i}}, stoppingToken);
            }
        }
        """;
}
