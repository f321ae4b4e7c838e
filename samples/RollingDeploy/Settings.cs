using System.Diagnostics.CodeAnalysis;

namespace RollingDeploy;

/// <summary>What the command line asks for.</summary>
internal sealed record Settings
{
    public const string Usage =
        """
        Usage: dotnet run --project samples/RollingDeploy [-- options]
          --instances <n>         instances behind the proxy (2 to 20; default 3)
          --clients <n>           clients that send one request after the other (1 to 1000; default 32)
          --seconds <n>           load before the first and after the last restart (1 to 600; default 5)
          --only before|after     run one of the two versions alone
          --keep                  keep the temporary folder: both versions, the package and the instances' logs
        Exit codes: 0 the fixed version lost nothing, 1 it lost a request or a warning was left, 2 the environment is at fault,
        3 the version without fixes lost nothing either.
        """;

    public int Instances { get; private init; } = 3;

    public int Clients { get; private init; } = 32;

    public TimeSpan Steady { get; private init; } = TimeSpan.FromSeconds(5);

    public bool Before { get; private init; } = true;

    public bool After { get; private init; } = true;

    public bool Keep { get; private init; }

    public static bool TryParse(string[] args, [NotNullWhen(true)] out Settings? settings, [NotNullWhen(false)] out string? error)
    {
        var parsed = new Settings();
        settings = null;
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--instances" when Number(value, 2, 20) is { } instances:
                    parsed = parsed with { Instances = instances };
                    break;
                case "--clients" when Number(value, 1, 1000) is { } clients:
                    parsed = parsed with { Clients = clients };
                    break;
                case "--seconds" when Number(value, 1, 600) is { } seconds:
                    parsed = parsed with { Steady = TimeSpan.FromSeconds(seconds) };
                    break;
                case "--only" when value is "before" or "after":
                    parsed = parsed with { Before = value == "before", After = value == "after" };
                    break;
                case "--keep":
                    parsed = parsed with { Keep = true };
                    continue;
                case "--instances" or "--clients" or "--seconds" or "--only":
                    error = $"'{value}' is no value for {args[i]}.";
                    return false;
                default:
                    error = $"Unknown option '{args[i]}'.";
                    return false;
            }

            i++;
        }

        (settings, error) = (parsed, null);
        return true;
    }

    private static int? Number(string? text, int least, int most) =>
        int.TryParse(text, out var number) && number >= least && number <= most ? number : null;
}
