using System.Globalization;

namespace ShutdownAnalyzers.Benchmarks.DropTable;

/// <summary>What is lost while three instances are restarted in turn, by the way in which they stop and by the way in which requests reach them.</summary>
internal static class DropTableCommand
{
    private const string Usage = """
        Usage: dotnet run -c Release --project benchmarks -- drops [options]
          --runs <n>        rolling restarts for each variant and route (default 3)
          --requests <n>    the least of requests through this library behind HAProxy: more restarts until then (default 100000)
          --delay <s>       the delay of the variants that have one (default 5)
          --only <variant>  one variant alone
          --route <route>   haproxy, nginx or direct alone
          --write           write the rows into docs/performance.md, and its chart
        """;

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (Settings.Parse(arguments) is not { } settings)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        using var node = await NodeServers.InstallAsync();
        var page = settings.Write ? DropPage.Read() : new DropPage();
        foreach (var route in Route.All.Where(route => settings.Route is null || route.Id == settings.Route))
        {
            foreach (var variant in Variant.All.Where(variant => settings.Only is null || variant.Id == settings.Only))
            {
                var row = new Row(variant);
                var least = variant.IsThisLibrary && route.Id == "haproxy" ? settings.Requests : 0;
                for (var run = 1; run <= settings.Runs || row.Requests < least; run++)
                {
                    row.Add(await new RollingRestart(variant, settings.Delay, node).RunAsync(route.Open));
                    Console.Error.WriteLine($"{DateTime.Now:HH:mm:ss} {route.Id}, {variant.Id}, run {run}: {row.Last}");
                }

                page.Set(route.Name, row);
                if (settings.Write)
                    page.Write();
            }
        }

        Console.WriteLine(page.Markdown());
        return 0;
    }

    private sealed record Settings(int Runs, int Requests, TimeSpan Delay, string? Only, string? Route, bool Write)
    {
        public static Settings? Parse(string[] arguments)
        {
            var settings = new Settings(3, 100_000, TimeSpan.FromSeconds(5), null, null, false);
            for (var i = 0; i < arguments.Length; i++)
            {
                if (arguments[i] == "--write")
                {
                    settings = settings with { Write = true };
                    continue;
                }

                var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
                var number = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : (int?)null;
                switch (arguments[i++])
                {
                    case "--runs" when number is > 0: settings = settings with { Runs = number.Value }; break;
                    case "--requests" when number is >= 0: settings = settings with { Requests = number.Value }; break;
                    case "--delay" when number is > 0: settings = settings with { Delay = TimeSpan.FromSeconds(number.Value) }; break;
                    case "--only" when Variant.All.Any(variant => variant.Id == value): settings = settings with { Only = value }; break;
                    case "--route" when DropTable.Route.All.Any(route => route.Id == value): settings = settings with { Route = value }; break;
                    default: return null;
                }
            }

            return settings;
        }
    }
}
