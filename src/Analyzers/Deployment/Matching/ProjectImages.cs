using ShutdownAnalyzers.Deployment.Compose;
using ShutdownAnalyzers.Deployment.Docker;
using ShutdownAnalyzers.Deployment.Files;

namespace ShutdownAnalyzers.Deployment.Matching;

/// <summary>A stage of a Dockerfile that runs the project, and how.</summary>
/// <param name="File">The Dockerfile.</param>
/// <param name="Stage">The stage that is run.</param>
/// <param name="Command">Its command, or null where the platform's manifest gives it.</param>
/// <param name="Starts">How the command starts the app.</param>
internal sealed record ProjectImage(DeploymentFile File, DockerStage Stage, ContainerCommand? Command, IReadOnlyList<AppStart> Starts)
{
    /// <summary>Windows containers have other shells, and no signals.</summary>
    public bool IsForWindows => Stage.RootImage.Contains("nanoserver") || Stage.RootImage.Contains("windowsservercore") || Stage.RootImage.Contains("ltsc");
}

/// <summary>Finds the stages that run the project: by the assembly that the command starts, else by the project that the stage publishes, else by the folder that the Dockerfile lies in.</summary>
internal sealed class ProjectImages(DeploymentFiles files, ProjectIdentity project, IEnumerable<ComposeService> services)
{
    private readonly Lazy<IReadOnlyList<ProjectImage>> _all = new(() => Find(files, project, services));

    public IReadOnlyList<ProjectImage> All => _all.Value;

    /// <summary>The project's image that a Dockerfile makes, by the path of the file and the stage's name.</summary>
    public ProjectImage? Of(string path, string? target) =>
        All.FirstOrDefault(image => image.File.Path == path && ReferenceEquals(image.Stage, image.File.Dockerfile.Stage(target)));

    private static IReadOnlyList<ProjectImage> Find(DeploymentFiles files, ProjectIdentity project, IEnumerable<ComposeService> services)
    {
        var targets = services.Where(service => service.Dockerfile is not null && service.Target is not null).ToList();
        var images = new List<ProjectImage>();
        foreach (var file in files.Of(DeploymentFileKind.Dockerfile))
        {
            var stages = targets.Where(service => service.Dockerfile == file.Path).Select(service => file.Dockerfile.Stage(service.Target));
            foreach (var stage in stages.Concat(file.Dockerfile.Images).Distinct())
            {
                if (stage is not null && Match(stage, file, files, project) is { } image)
                    images.Add(image);
            }
        }

        return images;
    }

    private static ProjectImage? Match(DockerStage stage, DeploymentFile file, DeploymentFiles files, ProjectIdentity project)
    {
        var command = ContainerCommand.Of(stage);
        var all = command is null ? [] : AppStart.Of(command.Words, ScriptsOf(stage, file, files), stage.IsAlpine).ToList();
        var image = new ProjectImage(file, stage, command, [.. all.Where(start => project.MayBe(start.Program))]);
        if (all.Any(start => start.Program.Name is { } name && project.IsAssembly(name)))
            return image;
        if (all.Any(start => start.Program is { IsDotnet: true, Name: not null }))
            return null;

        var projects = all.Select(start => start.Program.Project).OfType<string>().Concat(Published(file.Dockerfile)).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var isProject = projects.Count > 0 ? projects.Count == 1 && project.IsProject(projects[0]) : project.Holds(file.Path);
        return isProject ? image : null;
    }

    /// <summary>The scripts, those that the stage copies first.</summary>
    private static IReadOnlyList<DeploymentFile> ScriptsOf(DockerStage stage, DeploymentFile file, DeploymentFiles files)
    {
        var copied = new HashSet<string>();
        for (var current = stage; current is not null; current = current.Parent)
        {
            foreach (var instruction in current.Instructions)
            {
                if (instruction.Keyword is "COPY" or "ADD")
                    copied.UnionWith((instruction.Words ?? instruction.Arguments.Value.Split((char[]?)null)).Select(path => DeploymentPath.Combine(file.Directory, path)));
            }
        }

        // The build's context may be another folder than the Dockerfile's, and a whole folder may have been copied: then a script of the name
        // that the command runs is taken for it, the nearest first.
        return [.. files.Of(DeploymentFileKind.Script)
            .OrderByDescending(script => copied.Contains(script.Path))
            .ThenByDescending(script => script.Directory == file.Directory)];
    }

    /// <summary>The projects that the file publishes: what <c>dotnet publish</c> names, else the folder that it runs in.</summary>
    private static IEnumerable<string> Published(Dockerfile file)
    {
        foreach (var stage in file.Stages)
        {
            var folder = "";
            foreach (var instruction in stage.Instructions)
            {
                if (instruction.Keyword == "WORKDIR")
                    folder = instruction.Arguments.Value;
                if (instruction.Keyword != "RUN")
                    continue;
                foreach (var command in ShellCommand.Parse(instruction.Arguments.Value))
                {
                    if (command.Program is ["dotnet", "publish", ..] program)
                        yield return program.Skip(2).FirstOrDefault(word => word.EndsWith(".csproj", StringComparison.OrdinalIgnoreCase)) ?? AppProgram.FileName(folder);
                }
            }
        }
    }
}
