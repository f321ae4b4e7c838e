namespace ShutdownAnalyzers.Deployment.Docker;

/// <summary>A command that may start a .NET app.</summary>
/// <param name="Name">The assembly (<c>dotnet Shop.dll</c>) or the binary (<c>./Shop</c>) without its extension; null for the SDK's commands and where a variable stands.</param>
/// <param name="IsDotnet">Whether it is the <c>dotnet</c> host: certainly a .NET app.</param>
/// <param name="SdkCommand"><c>run</c> or <c>watch</c>, or null.</param>
/// <param name="Project">What <c>--project</c> names, without its folder and extension.</param>
internal sealed record AppProgram(string? Name, bool IsDotnet, string? SdkCommand, string? Project)
{
    /// <summary>What a command starts; null for what is certainly no app (<c>dotnet test</c>, <c>dotnet ef</c>).</summary>
    public static AppProgram? Of(IReadOnlyList<string> words)
    {
        if (words.Count == 0)
            return null;
        var program = FileName(words[0]);
        if (program is not ("dotnet" or "dotnet.exe"))
            return program.Length > 0 && !program.Contains('$') ? new(WithoutExtension(program, ".exe"), false, null, null) : null;

        for (var i = 1; i < words.Count; i++)
        {
            var word = words[i];
            if (word.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
                return new(FileName(word) is var name && name.Contains('$') ? null : WithoutExtension(name, ".dll"), true, null, null);
            if (word is "run" or "watch")
                return new(null, true, word, ProjectOf(words));
            if (word.Contains('$'))
                return new(null, true, null, null);
            if (word != "exec" && !word.StartsWith("-", StringComparison.Ordinal) && !IsValue(words[i - 1]))
                return null;
        }

        return null;
    }

    /// <summary>The last segment of a path of either kind.</summary>
    public static string FileName(string path) => path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);

    public static string WithoutExtension(string name, string extension) =>
        name.EndsWith(extension, StringComparison.OrdinalIgnoreCase) ? name.Substring(0, name.Length - extension.Length) : name;

    // Of the host's options these take a value of their own.
    private static bool IsValue(string option) => option is "--depsfile" or "--runtimeconfig" or "--roll-forward" or "--fx-version" or "--additionalprobingpath" or "--additional-deps";

    private static string? ProjectOf(IReadOnlyList<string> words)
    {
        for (var i = 1; i < words.Count; i++)
        {
            var value = words[i - 1] is "--project" or "-p" ? words[i]
                : words[i].StartsWith("--project=", StringComparison.Ordinal) ? words[i].Substring("--project=".Length)
                : null;
            if (value is not null)
                return WithoutExtension(FileName(value.TrimEnd('/')), ".csproj");
        }

        return null;
    }
}
