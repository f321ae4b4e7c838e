namespace ShutdownAnalyzers.Deployment.Docker;

/// <summary>A Dockerfile: its stages, each with its instructions.</summary>
internal sealed record Dockerfile(IReadOnlyList<DockerStage> Stages)
{
    /// <summary>The stage that a build makes when none is named.</summary>
    public DockerStage? LastStage => Stages.Count > 0 ? Stages[Stages.Count - 1] : null;

    /// <summary>The stages that are deployed: the last, and each with a command of its own that no other stage uses.</summary>
    public IEnumerable<DockerStage> Images => Stages.Where(stage => ReferenceEquals(stage, LastStage)
        || (stage.Name is { } name
            && !DevelopmentNames.Has(name)
            && stage.Instructions.Any(instruction => instruction.Keyword is "ENTRYPOINT" or "CMD")
            && Stages.All(other => !ReferenceEquals(other.Parent, stage) && !other.CopiesFrom(name))));

    /// <summary>The stage of a name, or the last one where no name is given.</summary>
    public DockerStage? Stage(string? name) =>
        name is null ? LastStage : Stages.FirstOrDefault(stage => string.Equals(stage.Name, name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A stage from its <c>FROM</c> to the next.</summary>
internal sealed class DockerStage(string? name, string image, DockerStage? parent, IReadOnlyList<DockerInstruction> instructions)
{
    /// <summary>Its name (<c>AS name</c>), or null.</summary>
    public string? Name { get; } = name;

    /// <summary>The stage that it starts from, where that is one of this file.</summary>
    public DockerStage? Parent { get; } = parent;

    /// <summary>Its instructions without <c>FROM</c>.</summary>
    public IReadOnlyList<DockerInstruction> Instructions { get; } = instructions;

    /// <summary>The image from outside that it builds on, variables with a default replaced.</summary>
    public string RootImage { get; } = parent?.RootImage ?? image;

    /// <summary>Whether <c>sh</c> is BusyBox's.</summary>
    public bool IsAlpine => RootImage.Contains("alpine");

    /// <summary>Whether it takes files of another stage.</summary>
    public bool CopiesFrom(string name) => Instructions.Any(instruction => instruction.Keyword == "COPY"
        && instruction.Arguments.Value.Split((char[]?)null).Contains("--from=" + name, StringComparer.OrdinalIgnoreCase));

    /// <summary>The last instruction of a kind, in this stage or those that it starts from.</summary>
    public DockerInstruction? Last(string keyword)
    {
        for (var stage = this; stage is not null; stage = stage.Parent)
        {
            for (var i = stage.Instructions.Count - 1; i >= 0; i--)
            {
                if (stage.Instructions[i].Keyword == keyword)
                    return stage.Instructions[i];
            }
        }

        return null;
    }

    /// <summary>The last <c>CMD</c>, unless an <c>ENTRYPOINT</c> of a later stage resets it.</summary>
    public DockerInstruction? Command
    {
        get
        {
            for (var stage = this; stage is not null; stage = stage.Parent)
            {
                if (stage.Instructions.LastOrDefault(instruction => instruction.Keyword == "CMD") is { } command)
                    return command;
                if (stage.Instructions.Any(instruction => instruction.Keyword == "ENTRYPOINT"))
                    return null;
            }

            return null;
        }
    }

    /// <summary>The shell of a shell-form instruction; <c>/bin/sh -c</c> where none is set.</summary>
    public IReadOnlyList<string> Shell => Last("SHELL")?.Words ?? ["/bin/sh", "-c"];
}

/// <summary>An instruction with its arguments, continuation lines joined.</summary>
/// <param name="Keyword">In upper case.</param>
/// <param name="Arguments">All after the keyword.</param>
/// <param name="Words">The words of the exec form (a JSON array), or null for the shell form.</param>
internal sealed record DockerInstruction(string Keyword, PlacedText Arguments, IReadOnlyList<string>? Words);
