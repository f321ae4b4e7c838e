namespace ShutdownAnalyzers.Deployment.Docker;

/// <summary>The command of a container that is made from a stage: <c>ENTRYPOINT</c> with the words of <c>CMD</c>, or <c>CMD</c> alone.</summary>
/// <param name="Instruction">The one that names the program.</param>
/// <param name="Words">The words that Docker runs; a shell form is its shell with the text as one word.</param>
internal sealed record ContainerCommand(DockerInstruction Instruction, IReadOnlyList<string> Words)
{
    public bool IsShellForm => Instruction.Words is null;

    public static ContainerCommand? Of(DockerStage stage)
    {
        var (entrypoint, command) = (stage.Last("ENTRYPOINT"), stage.Command);
        if (entrypoint is null)
            return command is null ? null : new(command, WordsOf(command, stage));

        // A shell form takes no arguments: CMD is without effect then.
        return command is null || entrypoint.Words is null
            ? new(entrypoint, WordsOf(entrypoint, stage))
            : new(entrypoint, [.. entrypoint.Words, .. WordsOf(command, stage)]);
    }

    private static IReadOnlyList<string> WordsOf(DockerInstruction instruction, DockerStage stage) =>
        instruction.Words ?? [.. stage.Shell, instruction.Arguments.Value];
}
